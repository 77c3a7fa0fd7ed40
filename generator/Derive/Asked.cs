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

    /// <summary>Whether a value depends on another of these: the sum over both would count the same twice.</summary>
    public static bool FeedEachOther(Graph user, IReadOnlyList<int> calls) =>
        calls.Any(call => Scans.Reached(user.Nodes, user.Nodes[call].Inputs) is var reached && calls.Any(other => reached[other]));

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
