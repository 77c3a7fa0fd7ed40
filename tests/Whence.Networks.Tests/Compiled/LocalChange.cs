namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Counterfactuals that recompute only what a change reaches: every bit is that of whole forward passes, for any window and stride, group
/// and place, batch and number of threads.
/// </summary>
public sealed class LocalChange
{
    private static readonly Lazy<InMemory> compiled = new(() => InMemory.Compile(Sources));

    private const string Sources = """
        [Network]
        public sealed partial class PlainImage
        {
            [Conv2d(6, kernel: 3, Pad = 1)] private partial Tensor One(Tensor x);
            [Conv2d(20, kernel: 4, Stride = 2)] private partial Tensor Two(Tensor x);
            [Linear(12)] private partial Tensor Hidden(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 20, 22)] Tensor image) =>
                Head(Relu(Hidden(Flatten(Relu(Two(Relu(One((image - 0.5) / 2))))))));
        }

        [Network]
        public sealed partial class Pooled
        {
            [Conv2d(5, kernel: 3, Pad = 2, Dilation = 2)] private partial Tensor One(Tensor x);
            [Conv2d(17, kernel: 5, StrideWidth = 2, Pad = 1, PadWidth = 3, Groups = 1)] private partial Tensor Two(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(1, 30, 30)] Tensor image) =>
                Head(GlobalAvgPool(AvgPool2d(
                    Tanh(Two(LocalResponseNorm(MaxPool2d(Elu(One(image)), window: 3, stride: 2, pad: 1), size: 3))), window: 2, stride: 1, pad: 1, ceil: true, countPadding: false)));
        }

        [Network]
        public sealed partial class Residual
        {
            [Conv2d(8, kernel: 3, Pad = 1)] private partial Tensor Stem(Tensor x);
            [Conv2d(8, kernel: 3, Pad = 1)] private partial Tensor A(Tensor x);
            [Conv2d(8, kernel: 5, Pad = 2)] private partial Tensor B(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);
            [Conv2d(4, kernel: 1)] private partial Tensor Small(Tensor x);
            [Conv2d(6, kernel: 3, Pad = 1)] private partial Tensor Side(Tensor x);
            [Conv2d(16, kernel: 3, Stride = 2, Pad = 1)] private partial Tensor Down(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 24, 24)] Tensor image)
            {
                var stem = Relu(Stem(image));
                var block = Relu(Norm(B(Relu(A(stem))) + stem));
                var joined = Concat(0, block, Small(block), Relu(Side(block)));
                return Head(GlobalMaxPool(Gelu(Down(joined))));
            }
        }

        [Network]
        public sealed partial class Sequence
        {
            [Conv1d(18, kernel: 7, Pad = 3)] private partial Tensor One(Tensor x);
            [Conv1d(9, kernel: 5, Dilation = 3)] private partial Tensor Two(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4, 90)] Tensor dna) =>
                Head(Flatten(MaxPool1d(Relu(Two(Pad(MaxPool1d(Sigmoid(One(dna)), window: 3), axis: 1, before: 2, after: 3, value: 0.5))), window: 2)));
        }

        [Network]
        public sealed partial class Turned
        {
            [Conv1d(7, kernel: 5)] private partial Tensor One(Tensor x);
            [Conv1d(33, kernel: 3, Stride = 2, Groups = 1)] private partial Tensor Two(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(70, 4)] Tensor dna) => Head(Flatten(Relu(Two(Relu(One(Transpose(dna, 0, 1)))))));
        }

        [Network]
        public sealed partial class Masked
        {
            [Conv1d(7, kernel: 5)] private partial Tensor One(Tensor x);
            [Conv1d(8, kernel: 3)] private partial Tensor Two(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 50)] Tensor signal, [Mask(8)] Tensor scale) =>
                Head(scale * GlobalAvgPool(Relu(Two(Relu(One(signal))))));
        }

        [Network(Layers = ["Two", "hidden"])]
        public sealed partial class Layered
        {
            [Conv1d(7, kernel: 5)] private partial Tensor One(Tensor x);
            [Conv1d(9, kernel: 3)] private partial Tensor Two(Tensor x);
            [Linear(6)] private partial Tensor Hidden(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 40)] Tensor signal)
            {
                var hidden = Relu(Hidden(GlobalAvgPool(Relu(Two(Relu(One(signal)))))));
                return Softmax(Head(hidden));
            }
        }
        """;

    public static TheoryData<string> Names => ["PlainImage", "Pooled", "Residual", "Sequence", "Turned", "Masked", "Layered"];

    [Theory]
    [MemberData(nameof(Names))]
    public void WindowsHaveTheBitsOfWholePasses(string name)
    {
        var net = Load(name);
        foreach (var window in Windows(net.Signature.Inputs[0].Shape))
            WindowsAgree(net, window, 1, 1);
        WindowsAgree(net, Windows(net.Signature.Inputs[0].Shape).Last(), 5, 1);
        WindowsAgree(net, Windows(net.Signature.Inputs[0].Shape).Last(), 3, 2);
    }

    /// <summary>Occlusion has the bits of whole passes.</summary>
    internal static void WindowsAgree(Trio net, SlidingWindow window, int count, int threads)
    {
        var x = Some(net, count, 1);
        Same(net, x.Length, (model, scores) => SpanExplainers.Occlusion(model, window, x, count, Target.Unit(0),
            References.One(Some(net, 1, 2)), scores, new ExplainOptions { Threads = threads }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GroupsHaveTheBitsOfWholePasses(string name)
    {
        var net = Load(name);
        var (x, size) = (Some(net, 2, 3), net.Signature.InputSize);
        var random = new Random(4);
        // Two elements near each other, of whichever channels, some far apart, and most in no group.
        var near = Enumerable.Repeat(-1, size).ToArray();
        for (var group = 0; group < 9; group++)
        {
            var first = random.Next(size - 2);
            (near[first], near[first + 1 + group % 2]) = (group, group);
        }
        var far = Enumerable.Range(0, size).Select(i => i % 11 == 0 ? i / 11 % 10 : -1).ToArray();
        foreach (var groups in new[] { null, Numbered(near), Numbered(far) })
        {
            Same(net, 2 * (groups?.Count ?? size), (model, scores) => SpanExplainers.Ablation(model, groups, x, 2, Target.Unit(0),
                References.Several(Some(net, 2, 5), 2), scores));
        }
    }

    // Groups that another has taken all elements of do not count.
    private static FeatureGroups Numbered(int[] groups)
    {
        var known = groups.Where(group => group >= 0).Distinct().Order().ToList();
        return new([.. groups.Select(group => group < 0 ? -1 : known.IndexOf(group))]);
    }

    [Theory]
    [InlineData("Sequence", 0)]
    [InlineData("Turned", 1)]
    public void MutantsHaveTheBitsOfWholePasses(string name, int letters)
    {
        var net = Load(name);
        var options = new MutagenesisOptions { Letters = letters };
        var (shape, x) = (net.Signature.Inputs[0].Shape, new float[2 * net.Signature.InputSize]);
        for (var place = 0; place < x.Length / 4; place++)
            x[letters == 1 ? 4 * place + place % 3 : place / shape[1] * shape.Size + place * 7 % 4 * shape[1] + place % shape[1]] = 1;
        Same(net, x.Length, (model, scores) => SpanExplainers.Mutagenesis(model, x, 2, Target.Difference(0, 2), scores, options));
        var counted = new Wholly(net.Passes, net.Passes.Local);
        SpanExplainers.Mutagenesis<float>(counted, x, 2, Target.Unit(0), new float[x.Length], options);
        Assert.Equal(2, counted.RowsPassed);
    }

    [Fact]
    public void PointsInFrontTakeWholePasses()
    {
        var net = Load("Layered");
        var x = Some(net, 1, 1);
        foreach (var target in new[] { Target.Layer("Two", 3), Target.Layer("hidden", 3), Target.Unit(1).OfOutput(), Target.Unit(1) })
        {
            Same(net, x.Length, (model, scores) => SpanExplainers.Occlusion(model, new SlidingWindow([2, 3], [1, 1]), x, 1, target, default,
                scores));
        }
    }

    [Fact]
    public void ARowThatIsItsInputIsNotAskedAbout()
    {
        var net = Load("PlainImage");
        var x = Some(net, 1, 1);
        x.AsSpan(0, x.Length / 2).Clear();
        var counted = new Wholly(net.Passes, net.Passes.Local);
        var scores = new float[x.Length];
        SpanExplainers.Occlusion<float>(counted, new SlidingWindow([3, 2, 2], [3, 2, 2]), x, 1, Target.Unit(0), default, scores);
        Assert.Equal(1, counted.RowsPassed);
        Same(net, x.Length, (model, found) =>
            SpanExplainers.Occlusion(model, new SlidingWindow([1, 2, 2], [1, 2, 2]), x, 1, Target.Unit(0), default, found));
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var net = Load("Residual");
        var (x, scores) = (Some(net, 2, 1), new float[2 * net.Signature.InputSize]);
        var window = new SlidingWindow([2, 5, 5], [1, 4, 4]);
        Assert.Equal(0, Allocated.By(() => SpanExplainers.Occlusion(net.Compiled, window, x, 2, Target.Unit(0), default, scores)));
    }

    [Fact]
    public void ANetworkThatSeesAllAtOnceIsNotFollowed() => Assert.Null(NetworkLaws.Load("tabular_mlp").Passes.Local);

    private static Trio Load(string name)
    {
        var net = compiled.Value.Network(name).Load(Weights.Random(7));
        Assert.NotNull(net.Passes.Local);
        return net;
    }

    private static IEnumerable<SlidingWindow> Windows(Shape shape) => shape.Rank == 2
        ? [new([2, 1], [2, 1]), new([1, 4], [1, 3]), new([2, 9], [1, 5])]
        : [new([1, 2, 2], [1, 2, 2]), new([1, 4, 4], [1, 1, 2]), new([shape[0], 7, 2], [1, 6, 1])];

    // Numbers between -1 and 1, and zeros among them.
    private static float[] Some(Trio net, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * net.Signature.InputSize).Select(i => i % 5 == 0 ? 0 : random.NextSingle() * 2 - 1)];
    }

    private static void Same(Trio net, int size, Action<IModel<float>, float[]> ask)
    {
        var (found, expected) = (new float[size], new float[size]);
        ask(net.Compiled, found);
        ask(new Wholly(net.Passes), expected);
        for (var i = 0; i < size; i++)
        {
            Assert.True(BitConverter.SingleToInt32Bits(found[i]) == BitConverter.SingleToInt32Bits(expected[i]),
                $"{net.Signature.Name}: score {i} is {found[i]:r}, but {expected[i]:r} by whole passes.");
        }
    }
}
