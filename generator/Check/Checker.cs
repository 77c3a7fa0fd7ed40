using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>
/// A bound graph with shapes, and what is wrong with it. Nodes that depend on a wrong one have no shape and no finding of their own.
/// </summary>
internal sealed record Checked(Graph Graph, EquatableArray<Finding> Findings);

/// <summary>Infers every shape, and asks every operator whether it is content.</summary>
internal static class Checker
{
    public static Checked Check(Graph bound)
    {
        var nodes = new List<Node>();
        var findings = new List<Finding>();
        var scans = new Dictionary<int, Scan>();
        var positions = new VariablePositions(bound);
        var tokens = new HashSet<int>();
        for (var i = 0; i < bound.Nodes.Count; i++)
        {
            var node = bound.Nodes[i];
            if (node.Op is TokenInput || node.Op.MovesTokens(node.Settings) && node.Inputs.Any(tokens.Contains))
                tokens.Add(i);
            if (node.Shape is not null || node.Inputs.Any(input => nodes[input].Shape is null))
            {
                nodes.Add(node);
                continue;
            }
            var shapes = node.Inputs.Select(input => nodes[input].Shape!).ToList();
            node = Placed(node, nodes, scans, shapes);
            if (node is { Op.Scans: true, Scan: not null })
            {
                findings.Add(new Finding(Problems.NestedScan, i, EquatableArray.Of(Called(node))));
                nodes.Add(node);
            }
            else if (Zipped(node, nodes, i) is { } uneven)
            {
                findings.Add(new Finding(Problems.ShapesDiffer, i, EquatableArray.Of("Zip", uneven)));
                nodes.Add(node);
            }
            else if (Tokens(node, nodes, tokens) is { } misused)
            {
                findings.Add(new Finding(Problems.ShapesDiffer, i, EquatableArray.Of(Called(node), misused)));
                nodes.Add(node);
            }
            else if (Judge(node, shapes, out var shape) is { } complaint)
            {
                findings.Add(new Finding(Problems.ShapesDiffer, i, EquatableArray.Of(Called(node), complaint)));
                nodes.Add(node);
            }
            else if (positions.Complain(i, node, shapes) is { } mixed)
            {
                findings.Add(new Finding(Problems.VariableLength, i, EquatableArray.Of(Called(node), mixed)));
                nodes.Add(node);
            }
            else
            {
                nodes.Add(positions.Masked(node, shapes) with { Shape = shape });
            }
        }
        findings.AddRange(OfTokens(bound, positions, tokens, findings.Count > 0 || bound.Outputs.Any(tokens.Contains)));
        for (var i = 0; i < nodes.Count; i++)
        {
            if (positions.Least(i) is var least && least > 1)
                nodes[i] = nodes[i] with { Settings = nodes[i].Settings.With("least", least) };
        }
        var arithmetic = new ConstantArithmetic();
        for (var i = 0; i < nodes.Count; i++)
        {
            if (arithmetic.Add(nodes[i]) is { } endless)
                findings.Add(new Finding(Problems.NotANumber, i, EquatableArray.Of(endless)));
        }
        findings.AddRange(Together(nodes, bound.Inputs.Where(i => nodes[i].Shape is not null), "input"));
        findings.AddRange(Together(nodes, bound.Outputs.Where(i => nodes[i].Shape is not null), "output"));
        return new Checked(bound with { Nodes = nodes.ToEquatable() }, findings.ToEquatable());
    }

    /// <summary>
    /// Why these shapes do not fit, or the result's shape. All arithmetic is checked: what no value or weight can be as large as is a
    /// complaint too.
    /// </summary>
    private static string? Judge(Node node, IReadOnlyList<Shape> shapes, out Shape? shape)
    {
        shape = null;
        try
        {
            if (node.Op.Complain(shapes, node.Settings) is { } complaint)
                return complaint;
            shape = node.Op.Output(shapes, node.Settings);
            _ = node.Op.Within(shapes, node.Settings).Count();
            _ = node.Op.Parameters(shapes, node.Settings).Count();
            return null;
        }
        catch (OverflowException)
        {
            var of = shapes.Count == 0 ? "" : $" of {Listing.Of(shapes)}";
            return $"makes or needs something too large{of}: a value, and a weight, has at most "
                + $"{Shape.MostElements} elements";
        }
    }

    /// <summary>
    /// The node in its scan: of so many steps as the sequence has, and with all that depends on what the scan gives inside.
    /// </summary>
    private static Node Placed(Node node, List<Node> nodes, Dictionary<int, Scan> scans, IReadOnlyList<Shape> shapes)
    {
        if (node is { Op: StepOf, Scan: { } scan } && shapes[0].Rank > 0)
            return node with { Scan = scans[scan.Id] = scan with { Steps = shapes[0][0] } };
        if (node.Op.LeavesScan)
            return node.Settings.Has("scan") ? node with { Settings = node.Settings.With("steps", Steps(node, scans)) } : node;
        if (node.Scan is { } own)
            return scans.TryGetValue(own.Id, out var known) ? node with { Scan = known } : node;
        return node with { Scan = node.Inputs.Select(input => nodes[input].Scan).FirstOrDefault(around => around is not null) };
    }

    private static int Steps(Node leaving, Dictionary<int, Scan> scans) =>
        scans.TryGetValue(leaving.Settings.Int("scan"), out var over) ? over.Steps : 1;

    /// <summary>Why a scan cannot go over this sequence beside its first; null if it can.</summary>
    private static string? Zipped(Node node, IReadOnlyList<Node> nodes, int index)
    {
        if (node.Op is not StepOf || node.Scan is null)
            return null;
        var first = nodes.Take(index).FirstOrDefault(other => other.Op is StepOf && other.Scan?.Id == node.Scan.Id);
        var (steps, own) = (first is null ? null : nodes[first.Inputs[0]].Shape, nodes[node.Inputs[0]].Shape!);
        return steps is null || own.Rank == 0 || own[0] == steps[0]
            ? null
            : $"takes tensors of one size along axis 0, not {steps} and {own}";
    }

    /// <summary>What is too large where it lies with others, in one row.</summary>
    private static IEnumerable<Finding> Together(IReadOnlyList<Node> nodes, IEnumerable<int> row, string what)
    {
        var size = 0L;
        foreach (var i in row)
        {
            size += nodes[i].Shape!.Size;
            if (size > Shape.MostElements)
                yield return new(Problems.ShapesDiffer, i, EquatableArray.Of(Called(nodes[i]),
                    $"makes a row of {what} of {size} elements, but there are at most {Shape.MostElements}"));
        }
    }

    /// <summary>Why tokens, or no tokens, are wrong here; null if nothing is.</summary>
    private static string? Tokens(Node node, IReadOnlyList<Node> nodes, HashSet<int> tokens)
    {
        var held = node.Inputs.Where(tokens.Contains).ToList();
        if (node.Op is Embedding)
            return held.Count == 0 ? "takes tokens: an input declared [Tokens(...)], or whole numbers in Constant(...)" : null;
        // What is moved is embedded apart, before it is moved.
        if (held.Count == 0 || node.Op.MovesTokens(node.Settings)
            && node.Inputs.All(input => tokens.Contains(input) || nodes[input].Op is Constant or Zeros))
            return null;
        var text = nodes[held[0]].Text ?? nodes[held[0]].Name;
        return $"takes numbers, but {text} holds tokens, which can only be cut, gathered, reversed and joined along axis 0; put a layer "
            + "with [Embedding(...)] between";
    }

    /// <summary>What is wrong with a whole network that reads tokens.</summary>
    private static IEnumerable<Finding> OfTokens(Graph bound, VariablePositions positions, HashSet<int> tokens, bool isMisused)
    {
        for (var i = 0; i < bound.Nodes.Count; i++)
        {
            var node = bound.Nodes[i];
            if (tokens.Contains(i) && bound.Outputs.Contains(i))
                yield return new(Problems.ShapesDiffer, i, EquatableArray.Of(node.Name ?? Called(node),
                    "holds tokens, which cannot be returned; put them through a layer with [Embedding(...)]"));
            else if (node.Op is TokenInput && !isMisused && !bound.Nodes.Any(other => other.Inputs.Contains(i) && other.Op is Embedding))
                yield return new(Problems.ShapesDiffer, i,
                    EquatableArray.Of(node.Name!, "holds tokens, but is never given to a layer with [Embedding(...)]"));
            else if (positions.Vary(i) is { } text && bound.Outputs.Contains(i))
                yield return new(Problems.VariableLength, i, EquatableArray.Of(Called(node), $"has a value for each position of {text}, "
                    + "whose number varies, and cannot be returned; sum or average it over axis 0"));
        }
    }

    private static string Called(Node node) =>
        node.Layer?.Path is { } path ? $"{path} ({node.Op.Name})" : node.Op is StepOf ? "foreach" : node.Function?.Name ?? node.Op.Name;
}
