using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>The forward pass at a step of a path.</summary>
internal sealed partial class Derivation
{
    private readonly Dictionary<int, int> moveOf = [];

    /// <summary>The forward node whose move each of these nodes holds.</summary>
    public IReadOnlyDictionary<int, int> Moves => moveOf;

    /// <summary>
    /// What moves in proportion to the path is computed at the reference, and beside it how far it moves; from both comes its value at a
    /// step, and from that what moves in any other way. <see cref="Value"/> is that at a step.
    /// </summary>
    public Derivation(Graph core, PathKinds kinds)
        : this(core)
    {
        var moves = new int[core.Nodes.Count];
        values = new int[core.Nodes.Count];
        references = new int[core.Nodes.Count];
        // First all of them: together they are the row of input.
        var given = core.Inputs.ToDictionary(input => input, input => Made.AddDistinct(core.Nodes[input]));
        var index = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var node = core.Nodes[i];
            if (node.Op is Input)
                index++;
            if (kinds[i] != PathKind.Affine)
            {
                references[i] = values[i] = node.Op is Input
                    ? given[i]
                    : Made.AddDistinct(node with { Inputs = Each(node, input => values[input]) });
                continue;
            }
            references[i] = node.Op is Input
                ? Made.Add(new Node(Registry.ReferenceInput, node.Inputs, Settings.Of(
                    ("index", index - 1))) { Shape = node.Shape, Name = node.Name })
                : Made.Add(node with { Inputs = Each(node, input => references[input]) });
            values[i] = references[i];
            moves[i] = node.Op is Input ? Map(new Leaf(given[i], "x") - (Expr)new Leaf(references[i], "x0")) : Moved(i, kinds, moves);
            if (!moveOf.ContainsKey(moves[i]))
                moveOf.Add(moves[i], i);
            if (kinds.IsBorder(i))
                values[i] = Made.AddDistinct(new Node(Registry.Between, EquatableArray.Of(references[i], moves[i]), Settings.None)
                {
                    Shape = node.Shape, Name = node.Name, SharedName = node.SharedName, Text = node.Text,
                });
        }
    }

    /// <summary>The sum of a multiplier over the steps.</summary>
    public int SumSteps(int m) => Add(Registry.SumSteps, Settings.None, Made[m].Shape!, m);

    /// <summary>How far an affine value moves when its inputs do.</summary>
    private int Moved(int node, PathKinds kinds, int[] moves)
    {
        var of = Forward[node];
        int? Moves(int input) => kinds[input] == PathKind.Affine ? moves[input] : null;
        if (of.Op is LinearOp linear)
            return linear.Moved(this, node, Moves);
        var moving = Moves(of.Inputs[0]) is null ? 1 : 0;
        return ((BilinearOp)of.Op).Moved(this, node, moving, moves[of.Inputs[moving]], values[of.Inputs[1 - moving]]);
    }

    private static EquatableArray<int> Each(Node node, Func<int, int> change) => node.Inputs.Select(change).ToEquatable();
}
