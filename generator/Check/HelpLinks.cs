using System.Reflection;

namespace Whence.Generator.Check;

/// <summary>
/// Where a kind of mistake is explained: its section of DIAGNOSTICS.md in the repository, whose address Directory.Build.props gives
/// (RepositoryUrl).
/// </summary>
internal static class HelpLinks
{
    private static readonly string repository = typeof(HelpLinks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "HelpRoot").Value!.TrimEnd('/');

    /// <summary>The address of a problem's section.</summary>
    public static string Of(Problem problem) => $"{repository}/blob/main/generator/DIAGNOSTICS.md#{Anchor(problem)}";

    /// <summary>The section's heading, as a link names it.</summary>
    public static string Anchor(Problem problem) => problem.Id.ToLowerInvariant();
}
