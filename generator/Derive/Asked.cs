using Whence.Generator.Graphs;

namespace Whence.Generator.Derive;

/// <summary>
/// What a name in [Network(Layers = ...)] means: a local's value; a layer's, if it is called once; "Fc.2", of the second call of a layer,
/// or the local of the second run of a sub-network or a helper method; "Fc.*", of all calls.
/// </summary>
internal static class Asked
{
    private const string All = ".*";

    /// <summary>Whether all calls are meant.</summary>
    public static bool IsAll(string name) => name.EndsWith(All, StringComparison.Ordinal);

    /// <summary>The one value of a name; null where there is none, or several.</summary>
    public static int? Value(Graph user, string name)
    {
        if (LastIndex(user, node => node.Name == name) is { } local)
            return local;
        if (Calls(user, name) is { Count: 1 } only)
            return only[0];
        var dot = name.LastIndexOf('.');
        if (dot <= 0 || !int.TryParse(name.Substring(dot + 1), out var call) || name.Substring(dot + 1) != $"{call}")
            return null;
        var calls = Calls(user, name.Substring(0, dot));
        return call >= 1 && call <= calls.Count ? calls[call - 1] : null;
    }

    /// <summary>
    /// The values of all calls of a layer, or of a local in all runs of its method, in order; "Fc.*" means those of "Fc".
    /// </summary>
    public static IReadOnlyList<int> Calls(Graph user, string name)
    {
        var path = IsAll(name) ? name.Substring(0, name.Length - All.Length) : name;
        var calls = Indices(user, node => node.Layer?.Path == path);
        if (calls.Count > 0)
            return calls;
        if (LastIndex(user, node => node.Name == path) is { } local)
            return [local];
        return Enumerable.Range(1, user.Nodes.Count).Select(run => Indices(user, node => node.SharedName == $"{path}.{run}"))
            .TakeWhile(found => found.Count > 0).SelectMany(found => found).ToList();
    }

    /// <summary>The values that a name may mean: its one value, or those of all calls where it has several, or all are meant.</summary>
    public static IReadOnlyList<int> Values(Graph user, string name) =>
        !IsAll(name) && Value(user, name) is { } value ? [value] : Calls(user, name);

    /// <summary>Whether a value depends on another of these: the sum over both would count the same twice.</summary>
    public static bool FeedEachOther(Graph user, IReadOnlyList<int> calls) =>
        calls.Any(call => Scans.Reached(user.Nodes, user.Nodes[call].Inputs) is var reached && calls.Any(other => reached[other]));

    /// <summary>Why the sum over calls cannot be asked about, in words; null if it can.</summary>
    public static string? WhyNotSummed(Graph user, IReadOnlyList<int> calls)
    {
        if (calls.FirstOrDefault(call => !Equals(user.Nodes[call].Shape, user.Nodes[calls[0]].Shape)) is var other and > 0)
            return $"these calls are of different shapes, {user.Nodes[calls[0]].Shape} and {user.Nodes[other].Shape}, of which "
                + "there is no sum";
        return FeedEachOther(user, calls)
            ? "one of these calls is computed from another, so that a sum over both would count the same twice" : null;
    }

    /// <summary>What layers and locals outside scans are called, however often they are.</summary>
    public static IReadOnlyList<string> Paths(Graph user) => user.Nodes
        .Where(node => node.Scan is null)
        .SelectMany(node => new[] { node.Name, node.Layer?.Path, node.SharedName is { } run ? Path(run) : null })
        .OfType<string>()
        .Distinct()
        .ToList();

    /// <summary>Every name that can be asked about.</summary>
    public static IReadOnlyList<string> Names(Graph user) => Paths(user).SelectMany(path => Names(user, path)).Distinct().ToList();

    /// <summary>The names by which a layer or a local can be asked about: its own, or those of its calls and of their sum.</summary>
    public static IReadOnlyList<string> Names(Graph user, string path)
    {
        var calls = Calls(user, path);
        if (calls.Count == 0 || Value(user, path) is not null)
            return calls.Count == 0 ? [] : [path];
        var names = Enumerable.Range(1, calls.Count).Select(call => $"{path}.{call}");
        return (WhyNotSummed(user, calls) is null ? names.Append(path + All) : names).ToList();
    }

    /// <summary>"Fc" of "Fc.2" and of "Fc.*"; a name without the number of a call as it is.</summary>
    public static string Path(string name) =>
        name.LastIndexOf('.') is var dot and > 0 && (IsAll(name) || int.TryParse(name.Substring(dot + 1), out _))
            ? name.Substring(0, dot)
            : name;

    private static List<int> Indices(Graph user, Func<Node, bool> test) =>
        Enumerable.Range(0, user.Nodes.Count).Where(i => test(user.Nodes[i])).ToList();

    // A local that is assigned again means its last value.
    private static int? LastIndex(Graph user, Func<Node, bool> test)
    {
        for (var i = user.Nodes.Count - 1; i >= 0; i--)
        {
            if (test(user.Nodes[i]))
                return i;
        }
        return null;
    }
}
