using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>softmax(q k^T / sqrt(E) + mask) v for each head (Vaswani et al., arXiv 1706.03762, section 3.2.1).</summary>
internal sealed class ScaledDotProductAttention : Op
{
    public override int Arity => -1;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        if (inputs.Count < 3)
            return "takes queries, keys and values, and perhaps a mask";
        var (q, k, v) = (inputs[0], inputs[1], inputs[2]);
        if (q.Rank is not (2 or 3) || k.Rank != q.Rank || v.Rank != q.Rank)
            return $"takes queries, keys and values [tokens, features] or [heads, tokens, features], not {q}, {k} and {v}";
        var heads = q.Rank == 2 || q[0] == k[0] && q[0] == v[0];
        var (scores, mask) = (Scores(q, k), inputs.Count > 3 ? inputs[3] : null);
        return settings.Flag("causal") && (long)q[q.Rank - 2] * k[k.Rank - 2] > Expansion.MostNumbers ? $"is causal over {q[q.Rank - 2]} "
            + $"queries and {k[k.Rank - 2]} keys, each pair of which is written into code: at most {Expansion.MostNumbers}" :
            !heads || q[q.Rank - 1] != k[k.Rank - 1]
                ? $"cannot compare queries {q} with keys {k} and values {v}: heads and features must be alike" :
            k[k.Rank - 2] != v[v.Rank - 2] ? $"has {k[k.Rank - 2]} keys but {v[v.Rank - 2]} values" :
            mask is not null && !mask.Equals(scores) && !mask.Equals(new Shape(scores[scores.Rank - 2], scores[scores.Rank - 1]))
                ? $"has a mask {mask}, but scores {scores}"
                : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(inputs[0].Rank - 1, inputs[2][inputs[2].Rank - 1]);

    public override IEnumerable<Shape> Within(IReadOnlyList<Shape> inputs, Settings settings) => [Scores(inputs[0], inputs[1])];

    // Of the keys; what queries are past the end is nobody's to read.
    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Attending(axes, inputs[0].Rank - 2, axes.Count > 3 && axes[3] >= 0);

    /// <summary>
    /// What attention does where queries, or keys and values, vary along their axis of tokens: it leaves out the keys past the end.
    /// </summary>
    public static Along Attending(IReadOnlyList<int> axes, int tokens, bool isMasked = false)
    {
        var (q, k, v) = (axes[0], axes[axes.Count == 1 ? 0 : 1], axes[axes.Count == 1 ? 0 : 2]);
        return isMasked || k != v || new[] { q, k }.Any(axis => axis >= 0 && axis != tokens) ? Positions.Mixed :
            k < 0 ? Ops.Along.Apart(tokens) : new(q < 0 ? Positions.Gathered : Positions.Weighed, tokens);
    }

    public override int Expand(Expansion x)
    {
        var given = x.Inputs.Length - (Mask.IsIn(x.Node.Settings) ? 1 : 0);
        return Attend(x, x.Inputs[0], x.Inputs[1], x.Inputs[2], given > 3 ? x.Inputs[3] : null, x.Node.Settings.Flag("causal"));
    }

    /// <summary>Attention over core nodes.</summary>
    public static int Attend(Expansion x, int q, int k, int v, int? mask, bool causal)
    {
        var shape = Scores(x.ShapeOf(q), x.ShapeOf(k));
        var scores = x.Add(Registry.MatrixProduct, MatrixProduct.Of(false, true), q, k);
        var terms = new List<(double Weight, int Node)> { (1 / Math.Sqrt(x.ShapeOf(q)[shape.Rank - 1]), scores) };
        if (mask is { } given)
            terms.Add((1, Spread(x, x.AtLeast(given, Mask.Lowest), shape)));
        if (Mask.Of(x) is { } present)
            terms.Add((1, x.SpreadTo(
                x.Reshape(Mask.Past(x, present, Mask.Lowest), new Shape([.. Enumerable.Repeat(1, shape.Rank - 1), shape[shape.Rank - 1]])),
                shape)));
        if (causal)
            terms.Add((1, Spread(x,
                x.Constant(Later(shape[shape.Rank - 2], shape[shape.Rank - 1]), new Shape(shape[shape.Rank - 2], shape[shape.Rank - 1])),
                shape)));
        var scaled = x.Combine(terms.Select(term => term.Weight).ToArray(), terms.Select(term => term.Node).ToArray());
        return x.Add(Registry.MatrixProduct, MatrixProduct.Of(false, false),
            Softmax.Of(x, scaled, shape.Rank - 1, mayBeHidden: mask is not null), v);
    }

    private static int Spread(Expansion x, int mask, Shape scores) =>
        x.SpreadTo(x.ShapeOf(mask).Rank == scores.Rank ? mask : x.Reshape(mask, new Shape(1, scores[1], scores[2])), scores);

    // A query sees no key after itself.
    private static double[] Later(int queries, int keys) =>
        Enumerable.Range(0, queries * keys).Select(i => i % keys > i / keys ? Mask.Lowest : 0).ToArray();

    private static Shape Scores(Shape q, Shape k) => q.With(q.Rank - 1, k[k.Rank - 2]);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4), new Shape(5, 4), new Shape(5, 2)), Settings.None),
        new(EquatableArray.Of(new Shape(2, 4, 3), new Shape(2, 4, 3), new Shape(2, 4, 3)), Settings.Of(("causal", 1))),
    ];
}

/// <summary>
/// Attention of several heads between three products and one after (Vaswani et al., arXiv 1706.03762, section 3.2.2), with the weights of
/// PyTorch's nn.MultiheadAttention: of one value with itself, or of queries with keys and values.
/// </summary>
internal sealed class MultiHeadAttention : Op
{
    public override bool Takes(int count) => count is 1 or 3;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (x, heads) = (inputs[0], settings.Int("heads"));
        return inputs.Any(input => input.Rank != 2) ? $"takes [tokens, features], not {inputs.First(input => input.Rank != 2)}" :
            heads < 1 || x[1] % heads != 0 ? $"has {heads} heads, which do not divide {x[1]} features" :
            inputs.Any(input => input[1] != x[1]) ? $"takes queries, keys and values of as many features, not {Listing.Of(inputs)}" :
            settings.Flag("causal") && (long)x[0] * inputs[inputs.Count == 3 ? 1 : 0][0] > Expansion.MostNumbers
                ? $"is causal over {x[0]} queries, each pair of which with a key is written into code: at most {Expansion.MostNumbers}" :
            inputs.Count == 3 && inputs[1][0] != inputs[2][0] ? $"has {inputs[1][0]} keys but {inputs[2][0]} values" : null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        ScaledDotProductAttention.Attending(axes, 0);

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.MultiHeadAttention(inputs[0], settings.Flag("bias", true));

    // The three products together, and each query's score of each key.
    public override IEnumerable<Shape> Within(IReadOnlyList<Shape> inputs, Settings settings) =>
    [
        .. inputs.Select(input => new Shape(input[0], Shape.Axis(3L * input[1]))),
        new(settings.Int("heads"), inputs[0][0], inputs[inputs.Count == 3 ? 1 : 0][0]),
    ];

    public override int Expand(Expansion x)
    {
        var (features, heads) = (x.Shape[1], x.Node.Settings.Int("heads"));
        var each = Enumerable.Range(0, 3).Select(part => Heads(x, Part(x, part), heads)).ToArray();
        var attended = ScaledDotProductAttention.Attend(x, each[0], each[1], each[2], null, x.Node.Settings.Flag("causal"));
        return Project(x, "out_proj.weight", "out_proj.bias", features, x.Reshape(x.Permute(attended, [1, 0, 2]), x.Shape));
    }

    // Queries, keys and values are the thirds of one product, which is one node where they are of one value.
    private static int Part(Expansion x, int part)
    {
        var features = x.Shape[1];
        var all = Project(x, "in_proj_weight", "in_proj_bias", 3 * features, x.Inputs.Length < 3 ? x.Inputs[0] : x.Inputs[part]);
        return x.Add(Registry.Cut, Settings.Of(("axis", 1), ("start", part * features), ("length", features)), all);
    }

    private static int Project(Expansion x, string weight, string bias, int outputs, int input) =>
        x.AddWeighted(Registry.Dense, Settings.Of(("inputs", x.Shape[1]), ("outputs", outputs)), weight,
            x.Node.Settings.Flag("bias", true) ? [bias] : [], input);

    // [tokens, features] to [heads, tokens, features of a head].
    private static int Heads(Expansion x, int value, int heads)
    {
        var shape = x.ShapeOf(value);
        return x.Permute(x.Reshape(value, new Shape(shape[0], heads, shape[1] / heads)), [1, 0, 2]);
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(4, 6)), Settings.Of(("heads", 2))),
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("heads", 4), ("bias", 0), ("causal", 1))),
        new(EquatableArray.Of(new Shape(3, 4), new Shape(5, 4), new Shape(5, 4)), Settings.Of(("heads", 2))),
    ];
}
