#if WHENCE_GENERATOR
namespace Whence.Generator.Support;
#else
namespace Whence;
#endif

using System.Collections.Generic;
using System.Linq;

/// <summary>What a message lists: of many things the first ones, and how many more there are, so that it stays a sentence.</summary>
internal static class Listing
{
    /// <summary>The most things that are said.</summary>
    public const int Most = 10;

    /// <summary>These things one after the other: "a, b, c", and of eleven or more "a, ..., j and 23 more".</summary>
    /// <param name="things">What is listed.</param>
    /// <param name="between">What stands between two of them.</param>
    /// <param name="last">What stands before the last; by default what stands between two.</param>
    public static string Of<T>(IEnumerable<T> things, string between = ", ", string? last = null)
    {
        var all = things as IReadOnlyList<T> ?? things.ToList();
        if (all.Count > Most)
            return $"{string.Join(between, all.Take(Most))} and {all.Count - Most} more";
        return all.Count < 2 || last is null
            ? string.Join(between, all)
            : string.Join(between, all.Take(all.Count - 1)) + last + all[all.Count - 1];
    }

    /// <summary>Names in quotes, likewise.</summary>
    public static string Quoted(IEnumerable<string> names, string? last = null) => Of(names.Select(name => $"\"{name}\""), last: last);
}
