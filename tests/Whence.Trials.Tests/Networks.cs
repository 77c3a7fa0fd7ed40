using static Whence.Nn;

namespace Whence.Trials.Tests;

/// <summary>A tabular network with normalised inputs, three activations and a softmax.</summary>
[Network(Explain = Methods.All, Layers = ["Hidden", "active", "scaled"])]
public sealed partial class Tabular
{
    private const int Features = 5;

    [Linear(16)] private partial Tensor Hidden(Tensor x);
    [Linear(12, Bias = false)] private partial Tensor Middle(Tensor x);
    [BatchNorm] private partial Tensor Norm(Tensor x);
    [Linear(3, Name = "head.out")] private partial Tensor Head(Tensor x);

    public Tensor Forward([Shape(Features)] Tensor row)
    {
        var mean = Constant(0.5, -1, 2, 0, 1.25);
        var scaled = (row - mean) / Constant(1, 2, 0.5, 3, 1);
        var active = Relu(Hidden(scaled));
        return Softmax(Head(Gelu(Norm(Middle(active)))));
    }
}

/// <summary>A residual block of one-dimensional convolutions.</summary>
[Network]
public sealed partial class Residual(int channels)
{
    [Conv1d(nameof(channels), kernel: 3, Pad = 1, Bias = false)] private partial Tensor First(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Conv1d(nameof(channels), kernel: 3, Pad = 1)] private partial Tensor Second(Tensor x);
    [BatchNorm(Epsilon = 1e-3)] private partial Tensor Bn2(Tensor x);

    public Tensor Forward(Tensor x) => Relu(x + Bn2(Second(Relu(Bn1(First(x))))));
}

/// <summary>A residual network over sequences.</summary>
[Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["block1.Bn2", "Stem", "pooled"])]
public sealed partial class Sequence
{
    [Conv1d(8, kernel: 5, Stride = 1, Pad = 2)] private partial Tensor Stem(Tensor x);
    private readonly Residual block1 = new(8);
    private readonly Residual block2 = new(8);
    [Linear(1)] private partial Tensor Score(Tensor x);

    public Tensor Forward([Shape(4, 30)] Tensor sequence)
    {
        var x = Relu(Stem(sequence));
        x = block1.Forward(x);
        var pooled = MaxPool1d(x, window: 3, stride: 2, pad: 1);
        x = block2.Forward(pooled);
        return Sigmoid(Score(GlobalAvgPool(x)));
    }
}

/// <summary>An Inception block whose widths the user of the block says.</summary>
[Network]
public sealed partial class Inception(int one, int reduce3, int three, int pool)
{
    [Conv2d(nameof(one), kernel: 1)] private partial Tensor One(Tensor x);
    [Conv2d(nameof(reduce3), kernel: 1)] private partial Tensor Reduce3(Tensor x);
    [Conv2d(nameof(three), kernel: 3, Pad = 1)] private partial Tensor Three(Tensor x);
    [Conv2d(nameof(pool), kernel: 1)] private partial Tensor Project(Tensor x);

    public Tensor Forward(Tensor x) => Concat(
        Relu(One(x)),
        Relu(Three(Relu(Reduce3(x)))),
        Relu(Project(MaxPool2d(x, window: 3, stride: 1, pad: 1))));
}

/// <summary>Two Inception blocks, an average pool in ceil mode and a global pool.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.GuidedBackprop, Layers = ["a", "block3b.Three"])]
public sealed partial class SmallInception
{
    private readonly Inception block3a = new(4, 3, 6, 2);
    private readonly Inception block3b = new(one: 5, reduce3: 4, three: 3, pool: 4);
    [Linear(4)] private partial Tensor Classify(Tensor x);

    public Tensor Forward([Shape(3, 9, 7)] Tensor picture)
    {
        var a = block3a.Forward(picture);
        var small = AvgPool2d(a, window: 2, stride: 2, ceil: true, countPadding: false);
        return LogSoftmax(Classify(GlobalAvgPool(block3b.Forward(small))));
    }
}

/// <summary>Two inputs, two outputs, of two ranks.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["joint"])]
public sealed partial class PriceAndRisk
{
    [Conv1d(6, kernel: 4, Stride = 2)] private partial Tensor History(Tensor x);
    [Linear(6)] private partial Tensor Facts(Tensor x);
    [Linear(8)] private partial Tensor Join(Tensor x);
    [PRelu(PerChannel = true)] private partial Tensor Bend(Tensor x);
    [Linear(1)] private partial Tensor PriceOf(Tensor x);
    [Linear(3)] private partial Tensor RiskOf(Tensor x);

    public (Tensor Price, Tensor Risk) Forward([Shape(2, 12)] Tensor history, [Shape(7)] Tensor facts)
    {
        var (past, now) = (Flatten(Silu(History(history))), Elu(Facts(facts), alpha: 0.7));
        var joint = Bend(Join(Concat(past, now)));
        return (PriceOf(joint), Softmax(RiskOf(joint)));
    }
}

/// <summary>The same layers over two inputs: how far apart they are.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.Genomics, Layers = ["distance"])]
public sealed partial class Siamese
{
    [Linear(10)] private partial Tensor First(Tensor x);
    [Linear(6)] private partial Tensor Second(Tensor x);

    private Tensor Embed(Tensor x) => Tanh(Second(Relu(First(x))));

    public Tensor Forward([Shape(4)] Tensor left, [Shape(4)] Tensor right)
    {
        var difference = Embed(left) - Embed(right);
        var distance = Sum(difference * difference, axis: 0, keep: true);
        return distance;
    }
}

/// <summary>One of two inputs read by three dense layers, each of which takes rows without the other input.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.Genomics)]
public sealed partial class ManyReaders
{
    [Linear(5)] private partial Tensor First(Tensor x);
    [Linear(5)] private partial Tensor Second(Tensor x);
    [Linear(5)] private partial Tensor Third(Tensor x);

    public Tensor Forward([Shape(4)] Tensor left, [Shape(5)] Tensor right) =>
        Sum(Relu(First(left)) * Tanh(Second(left)) + Relu(Third(left)) * right, axis: 0, keep: true);
}

/// <summary>Functions of this project's own.</summary>
public static class Own
{
    /// <summary>Mish (Misra 2019): x tanh(softplus(x)).</summary>
    [Elementwise<Mish>]
    public static Tensor Mish(Tensor x) => x.Map<Mish>();

    /// <summary>Swish with a slope of one's own: x sigmoid(beta x).</summary>
    [Elementwise<Swish>]
    public static Tensor Swish(Tensor x, double beta) => x.Map(new Swish(beta));
}

public readonly struct Mish : IElementwise
{
    public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, M.Tanh(M.Log1p(M.Exp(x))));

    public V Slope<V, M>(V x, V y) where M : struct, IMath<V>
    {
        var tanh = M.Tanh(M.Log1p(M.Exp(x)));
        var sigmoid = M.Divide(M.Constant(1), M.Add(M.Constant(1), M.Exp(M.Negate(x))));
        var sech = M.Subtract(M.Constant(1), M.Multiply(tanh, tanh));
        return M.MultiplyAdd(M.Multiply(x, sech), sigmoid, tanh);
    }
}

public readonly struct Swish(double beta) : IElementwise
{
    public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, Gate<V, M>(x));

    public V Slope<V, M>(V x, V y) where M : struct, IMath<V>
    {
        var gate = Gate<V, M>(x);
        return M.MultiplyAdd(M.Multiply(M.Constant(beta), y), M.Subtract(M.Constant(1), gate), gate);
    }

    private V Gate<V, M>(V x) where M : struct, IMath<V> =>
        M.Divide(M.Constant(1), M.Add(M.Constant(1), M.Exp(M.Multiply(M.Constant(-beta), x))));
}

/// <summary>A picture through activations of one's own, slices, pads, means and loops.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Conv"])]
public sealed partial class Crops
{
    private static readonly int[] Starts = [0, 2, 4];

    [Conv2d(4, kernel: 3, Stride = 2, Pad = 1, StrideWidth = 1)] private partial Tensor Conv(Tensor x);
    [Conv2d(8, kernel: 2, Groups = 4, Dilation = 2)] private partial Tensor Depthwise(Tensor x);
    [Linear(5)] private partial Tensor Out(Tensor x);
    [PRelu] private partial Tensor Bend(Tensor x);

    public Tensor Forward([Shape(2, 8, 6)] Tensor picture)
    {
        var wide = Own.Mish(Conv(Pad(picture, axis: 2, before: 1, after: 1, value: 0.25)));
        var deep = Own.Swish(Depthwise(wide), beta: 1.7);
        Tensor sum = Zeros(4, 4, 1);
        foreach (var start in Starts)
            sum += Slice(wide, axis: 2, start: start, length: 1);
        for (var i = 0; i < 3; i++)
            sum = sum + 0.5 * Slice(wide, 2, i, 1);
        var rows = Mean(Bend(deep), axis: 1, keep: false);
        var features = Concat(Flatten(sum), Flatten(rows));
        return Out(Softplus(features)) * 2 - 1;
    }
}

/// <summary>One layer three times in a loop, and pools that overlap.</summary>
[Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["c"])]
public sealed partial class Pools
{
    [Conv2d(3, kernel: 3, Pad = 1)] private partial Tensor C(Tensor x);
    [Linear(2)] private partial Tensor Out(Tensor x);

    public Tensor Forward([Shape(3, 10, 10)] Tensor x)
    {
        var c = x;
        for (int i = 0; i < 3; i++)
            c = Relu(C(c) + 0.1 * c);
        var a = AvgPool2d(c, 3, stride: 2, pad: 1, ceil: true, countPadding: true);
        var m = MaxPool2d(c, 3, stride: 2, pad: 1, ceil: true);
        var g = GlobalMaxPool(c);
        return Out(Dropout(Concat(Flatten(a - m), g, LogSumExp(Flatten(c), keep: true))));
    }
}

/// <summary>Answers that are an input, its other shape and a constant, beside one that is computed.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["picture"])]
public sealed partial class PassThrough
{
    public (Tensor Same, Tensor Bent, Tensor Turned, Tensor Fixed) Forward([Shape(6)] Tensor vector, [Shape(2, 3)] Tensor picture) =>
        (vector, Silu(picture), Reshape(vector, 1, 6), Constant(1, 2));
}

/// <summary>Squares of what several steps made, and names that emitted code uses too.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["arena", "Kernels"])]
public sealed partial class Squares
{
    [Linear(3)] private partial Tensor @int(Tensor x);
    [Linear(3)] private partial Tensor Kernels(Tensor x);
    [Linear(3)] private partial Tensor walk(Tensor x);

    public Tensor Forward([Shape(6)] Tensor @class)
    {
        var rows = @int(@class);
        var threads = walk(rows);
        var arena = Kernels(threads) * 2;
        var Whence = Softplus(arena);
        return Whence * Whence / (1 + Whence);
    }
}

/// <summary>A recurrence of the user's own over what a bidirectional one gives.</summary>
[Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["Lower"])]
public sealed partial class Recurrence
{
    [Lstm(6, Bidirectional = true)] private partial Tensor Lower(Tensor sequence);
    [GruCell(5)] private partial Tensor Step(Tensor x, Tensor h);
    [Linear(2)] private partial Tensor Head(Tensor x);

    public Tensor Forward([Shape(9, 4)] Tensor sequence)
    {
        var h = Zeros(5);
        var states = new List<Tensor>();
        foreach (var x in Reverse(Lower(sequence)))
        {
            h = Step(x, h);
            states.Add(h);
        }
        var all = Stack(states);
        return Head(h + Relu(Mean(all, 0)));
    }
}
