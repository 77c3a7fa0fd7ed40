namespace Whence;

/// <summary>
/// Where a network's layers find their weights: a file, and the names of the fields that lead to the network.
/// Called by generated code.
/// </summary>
public sealed class Scope
{
    private readonly Weights weights;
    private readonly string[] prefixes;

    private Scope(Weights weights, string[] prefixes) => (this.weights, this.prefixes) = (weights, prefixes);

    /// <summary>The scope of the outermost network.</summary>
    public static Scope Of(Weights weights) => new(weights, [""]);

    /// <summary>The scope of a sub-network, by the names its field may have.</summary>
    public Scope Into(params string[] names) =>
        new(weights, [.. from prefix in prefixes from name in names select prefix + name + "."]);

    /// <summary>A layer's tensor: "prefix.name.role".</summary>
    /// <exception cref="WeightsException">It is missing.</exception>
    /// <exception cref="ArgumentException">It has another shape than the layer's input asks for.</exception>
    internal Tensor Tensor(string[] names, string role, Shape shape)
    {
        try
        {
            return weights.Tensor([.. from prefix in prefixes from name in names select prefix + TensorNames.Join(name, role)], shape);
        }
        catch (WeightsException unfit) when (unfit is { Expected: not null, Found: not null })
        {
            // The weights fitted when they were loaded: what is of another shape now is the input.
            throw Expect.Refusal($"The input of layer {prefixes[0]}{names[0]} has another shape than its weights are for: '{unfit.Tensor}' "
                + $"is {unfit.Found}, but with this input it would be {unfit.Expected}.", null, unfit);
        }
    }

    /// <summary>What a layer's body uses before weights are loaded.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static Scope Required(Scope? scope, string network) =>
        scope ?? throw new InvalidOperationException($"{network} has no weights yet: make it with {network}.Load(...).");
}

/// <summary>The bodies of layer methods: each finds its weights and runs eagerly, in double precision. Called by generated code.</summary>
public static class Layers
{
    /// <inheritdoc cref="LinearAttribute"/>
    public static Tensor Linear(Scope scope, string[] names, Tensor x, int outputs, bool bias = true) => Nn.Linear(x,
        scope.Tensor(names, "weight", new Shape(outputs, x.Shape.ToArray()[^1])),
        bias ? scope.Tensor(names, "bias", new Shape(outputs)) : null);

    /// <inheritdoc cref="ParameterAttribute"/>
    public static Tensor Parameter(Scope scope, string[] names, int[] axes) => scope.Tensor(names, "", new Shape(axes));

    /// <inheritdoc cref="EmbeddingAttribute"/>
    public static Tensor Embedding(Scope scope, string[] names, Tensor tokens, int vocabulary, int width) =>
        Nn.Embedding(tokens, scope.Tensor(names, "weight", new Shape(vocabulary, width)));

    /// <inheritdoc cref="Conv1dAttribute"/>
    public static Tensor Conv1d(
        Scope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int dilation = 1, int groups = 1,
        bool bias = true, bool oneHot = false,
        int padEnd = -1, PaddingRule padding = PaddingRule.Explicit)
    {
        var weight = scope.Tensor(names, "weight", new Shape(filters, x.Shape[0] / groups, kernel));
        var offset = bias ? scope.Tensor(names, "bias", new Shape(filters)) : null;
        if (oneHot)
            (weight, offset) = Normalised(weight, offset!);
        return Nn.Conv1d(x, weight, offset, stride, pad, dilation, groups, padEnd, padding);
    }

    private static (Tensor Weight, Tensor Bias) Normalised(Tensor weight, Tensor bias)
    {
        var (normal, moved) = (weight.Values.ToArray(), bias.Values.ToArray());
        OneHot.Normalise(normal, moved, weight.Shape[1]);
        return (Tensor.Own(weight.Shape, normal), Tensor.Own(bias.Shape, moved));
    }

    /// <inheritdoc cref="Conv2dAttribute"/>
    public static Tensor Conv2d(
        Scope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int dilation = 1, int groups = 1,
        bool bias = true,
        int kernelWidth = 0, int strideWidth = 0, int padWidth = -1, int dilationWidth = 0, int padEnd = -1, int padWidthEnd = -1,
        PaddingRule padding = PaddingRule.Explicit)
    {
        var across = kernelWidth > 0 ? kernelWidth : kernel;
        var (padLeft, padRight) = Across(pad, padEnd, padWidth, padWidthEnd);
        return Nn.Conv2d(x,
            scope.Tensor(names, "weight", new Shape(filters, x.Shape[0] / groups, kernel, across)),
            bias ? scope.Tensor(names, "bias", new Shape(filters)) : null,
            stride, strideWidth > 0 ? strideWidth : stride, pad, padLeft,
            dilation, dilationWidth > 0 ? dilationWidth : dilation, groups, padEnd, padRight, padding);
    }

    // What is not said of the width is as for the height.
    private static (int Left, int Right) Across(int pad, int padEnd, int padWidth, int padWidthEnd) =>
        padWidth >= 0 ? (padWidth, padWidthEnd) : (pad, padWidthEnd >= 0 ? padWidthEnd : padEnd);

    /// <inheritdoc cref="BatchNormAttribute"/>
    public static Tensor BatchNorm(Scope scope, string[] names, Tensor x, double epsilon = 1e-5)
    {
        Tensor Of(string role) => scope.Tensor(names, role, new Shape(x.Shape[0]));
        return Nn.BatchNorm(x, Of("weight"), Of("bias"), Of("running_mean"), Of("running_var"), epsilon);
    }

    /// <inheritdoc cref="LayerNormAttribute"/>
    public static Tensor LayerNorm(Scope scope, string[] names, Tensor x, int axes = 1, double epsilon = 1e-5, bool affine = true,
        bool bias = true)
    {
        var last = new Shape(x.Shape.ToArray()[^axes..]);
        return Nn.LayerNorm(x, affine ? scope.Tensor(names, "weight", last) : null,
            affine && bias ? scope.Tensor(names, "bias", last) : null, axes, epsilon);
    }

    /// <inheritdoc cref="RmsNormAttribute"/>
    public static Tensor RmsNorm(Scope scope, string[] names, Tensor x, int axes = 1, double epsilon = 1e-5, bool affine = true) =>
        Nn.RmsNorm(x, affine ? scope.Tensor(names, "weight", new Shape(x.Shape.ToArray()[^axes..])) : null, axes, epsilon);

    /// <inheritdoc cref="GroupNormAttribute"/>
    public static Tensor GroupNorm(Scope scope, string[] names, Tensor x, int groups, double epsilon = 1e-5, bool affine = true)
    {
        Tensor? Of(string role) => affine ? scope.Tensor(names, role, new Shape(x.Shape[0])) : null;
        return Nn.GroupNorm(x, Of("weight"), Of("bias"), groups, epsilon);
    }

    /// <inheritdoc cref="InstanceNormAttribute"/>
    public static Tensor InstanceNorm(Scope scope, string[] names, Tensor x, double epsilon = 1e-5, bool affine = false)
    {
        Tensor? Of(string role) => affine ? scope.Tensor(names, role, new Shape(x.Shape[0])) : null;
        return Nn.InstanceNorm(x, Of("weight"), Of("bias"), epsilon);
    }

    /// <inheritdoc cref="MaxoutAttribute"/>
    public static Tensor Maxout(Scope scope, string[] names, Tensor x, int outputs, int pieces, bool bias = true) => Nn.Maxout(x,
        scope.Tensor(names, "weight", new Shape(outputs * pieces, x.Shape.Size)),
        bias ? scope.Tensor(names, "bias", new Shape(outputs * pieces)) : null, pieces);

    /// <inheritdoc cref="PReluAttribute"/>
    public static Tensor PRelu(Scope scope, string[] names, Tensor x, bool perChannel = false) =>
        Nn.PRelu(x, scope.Tensor(names, "weight", new Shape(perChannel ? x.Shape[0] : 1)));

    /// <inheritdoc cref="LstmCellAttribute"/>
    public static (Tensor H, Tensor C) LstmCell(Scope scope, string[] names, Tensor x, Tensor h, Tensor c, int hidden, bool bias = true)
    {
        var w = Gates(scope, names, "", 4, x.Shape.Size, hidden, bias);
        return Nn.LstmCell(x, h, c, w[0], w[1], w.ElementAtOrDefault(2), w.ElementAtOrDefault(3));
    }

    /// <inheritdoc cref="GruCellAttribute"/>
    public static Tensor GruCell(Scope scope, string[] names, Tensor x, Tensor h, int hidden, bool bias = true)
    {
        var w = Gates(scope, names, "", 3, x.Shape.Size, hidden, bias);
        return Nn.GruCell(x, h, w[0], w[1], w.ElementAtOrDefault(2), w.ElementAtOrDefault(3));
    }

    /// <inheritdoc cref="LstmAttribute"/>
    public static Tensor Lstm(Scope scope, string[] names, Tensor sequence, int hidden, int layers = 1, bool bidirectional = false,
        bool lastState = false, bool bias = true) =>
        Nn.Lstm(sequence, Recurrent(scope, names, 4, sequence.Shape[1], hidden, layers, bidirectional, bias), layers, bidirectional,
            lastState, bias);

    /// <inheritdoc cref="GruAttribute"/>
    public static Tensor Gru(Scope scope, string[] names, Tensor sequence, int hidden, int layers = 1, bool bidirectional = false,
        bool lastState = false, bool bias = true) =>
        Nn.Gru(sequence, Recurrent(scope, names, 3, sequence.Shape[1], hidden, layers, bidirectional, bias), layers, bidirectional,
            lastState, bias);

    private static List<Tensor> Recurrent(Scope scope, string[] names, int gates, int inputs, int hidden, int layers, bool bidirectional,
        bool bias)
    {
        var weights = new List<Tensor>();
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var direction in bidirectional ? new[] { "", "_reverse" } : [""])
                weights.AddRange(Gates(scope, names, $"_l{layer}{direction}", gates, inputs, hidden, bias));
            inputs = bidirectional ? 2 * hidden : hidden;
        }
        return weights;
    }

    private static Tensor[] Gates(Scope scope, string[] names, string suffix, int gates, int inputs, int hidden, bool bias)
    {
        var offsets = new Shape(gates * hidden);
        Tensor[] weights = [scope.Tensor(names, "weight_ih" + suffix, new Shape(gates * hidden, inputs)),
            scope.Tensor(names, "weight_hh" + suffix, new Shape(gates * hidden, hidden))];
        return bias
            ? [.. weights, scope.Tensor(names, "bias_ih" + suffix, offsets), scope.Tensor(names, "bias_hh" + suffix, offsets)]
            : weights;
    }

    /// <inheritdoc cref="MultiHeadAttentionAttribute"/>
    public static Tensor MultiHeadAttention(Scope scope, string[] names, Tensor x, int heads, bool bias = true, bool causal = false) =>
        MultiHeadAttention(scope, names, x, x, x, heads, bias, causal);

    /// <inheritdoc cref="MultiHeadAttentionAttribute"/>
    public static Tensor MultiHeadAttention(Scope scope, string[] names, Tensor q, Tensor k, Tensor v, int heads, bool bias = true,
        bool causal = false)
    {
        var features = q.Shape.ToArray()[^1];
        Tensor? Bias(string role, int size) => bias ? scope.Tensor(names, role, new Shape(size)) : null;
        return Nn.MultiHeadAttention(q, k, v,
            scope.Tensor(names, "in_proj_weight", new Shape(3 * features, features)), Bias("in_proj_bias", 3 * features),
            scope.Tensor(names, "out_proj.weight", new Shape(features, features)), Bias("out_proj.bias", features), heads, causal);
    }

    /// <inheritdoc cref="ConvTranspose1dAttribute"/>
    public static Tensor ConvTranspose1d(
        Scope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int outputPad = 0, int dilation = 1,
        int groups = 1, bool bias = true,
        int padEnd = -1, PaddingRule padding = PaddingRule.Explicit) => Nn.ConvTranspose1d(x,
            scope.Tensor(names, "weight", new Shape(x.Shape[0], filters / groups, kernel)),
            bias ? scope.Tensor(names, "bias", new Shape(filters)) : null,
            stride, pad, outputPad, dilation, groups, padEnd, padding);

    /// <inheritdoc cref="ConvTranspose2dAttribute"/>
    public static Tensor ConvTranspose2d(
        Scope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int outputPad = 0, int dilation = 1,
        int groups = 1, bool bias = true,
        int kernelWidth = 0, int strideWidth = 0, int padWidth = -1, int outputPadWidth = -1, int dilationWidth = 0,
        int padEnd = -1, int padWidthEnd = -1, PaddingRule padding = PaddingRule.Explicit)
    {
        var across = kernelWidth > 0 ? kernelWidth : kernel;
        var (padLeft, padRight) = Across(pad, padEnd, padWidth, padWidthEnd);
        return Nn.ConvTranspose2d(x,
            scope.Tensor(names, "weight", new Shape(x.Shape[0], filters / groups, kernel, across)),
            bias ? scope.Tensor(names, "bias", new Shape(filters)) : null,
            stride, strideWidth > 0 ? strideWidth : stride, pad, padLeft, outputPad, outputPadWidth >= 0 ? outputPadWidth : outputPad,
            dilation, dilationWidth > 0 ? dilationWidth : dilation, groups, padEnd, padRight, padding);
    }
}
