namespace Whence.Generator.Tests.Bind;

/// <summary>What Forward may say, one piece of C# a test.</summary>
public class ForwardTests
{
    [Fact]
    public void LocalsNameTheirLastValue() => Binding.Members("""
        [Linear(3)] private partial Tensor Fc(Tensor x);
        public Tensor Forward([Shape(4)] Tensor x)
        {
            Tensor hidden = Relu(Fc(x)), aside;
            hidden = Tanh(hidden);
            aside = hidden + 1;
            hidden += aside;
            return hidden;
        }
        """).Prints("""
        %0 x [4] = Input()
        %1 Fc [3] = Linear(%0, outputs: 3)
        %2 [3] = Relu(%1)
        %3 [3] = Tanh(%2)
        %4 [] = Constant(values: 1, axes: ())
        %5 aside [3] = +(%3, %4)
        %6 hidden [3] = +(%3, %5)
        """);

    [Fact]
    public void ArithmeticTakesTensorsAndConstants() => Binding.Members("""
        private const double Half = 0.5;
        public Tensor Forward([Shape(2, 3)] Tensor x, [Shape(2, 1)] Tensor y)
        {
            var three = 3;
            return -(x * y) / (three + 1) - (Half / (2 - x)) + y;
        }
        """).Prints("""
        %0 x [2, 3] = Input()
        %1 y [2, 1] = Input()
        %2 [2, 3] = *(%0, %1)
        %3 [2, 3] = Negate(%2)
        %4 [] = Constant(values: 4, axes: ())
        %5 [2, 3] = /(%3, %4)
        %6 [] = Constant(values: 2, axes: ())
        %7 [2, 3] = -(%6, %0)
        %8 [] = Constant(values: 0.5, axes: ())
        %9 [2, 3] = /(%8, %7)
        %10 [2, 3] = -(%5, %9)
        %11 [2, 3] = +(%10, %1)
        """);

    [Fact]
    public void ConstantTensorsAreNodes() => Binding.Members("""
        private static readonly double[] scale = [1, 2.5];
        public Tensor Forward([Shape(2)] Tensor x) => x * Constant(3, 4) + new double[] { 5, 6 } - scale + Zeros(2) + Zeros(1);
        """).Prints("""
        %0 x [2] = Input()
        %1 [2] = Constant(values: (3, 4), axes: 2)
        %2 [2] = *(%0, %1)
        %3 [2] = Constant(values: (5, 6), axes: 2)
        %4 [2] = +(%2, %3)
        %5 [2] = Constant(values: (1, 2.5), axes: 2)
        %6 [2] = -(%4, %5)
        %7 [2] = Zeros(axes: 2)
        %8 [2] = +(%6, %7)
        %9 [1] = Zeros(axes: 1)
        %10 [2] = +(%8, %9)
        """);

    [Fact]
    public void TuplesAreTakenApartAndSwapped() => Binding.Members("""
        public (Tensor First, Tensor Second) Forward([Shape(2)] Tensor x)
        {
            var (a, b) = (Relu(x), Tanh(x));
            (a, b) = (b, a);
            var pair = (Left: a, Right: b);
            Tensor c;
            (c, _) = pair;
            return (c - pair.Right, pair.Item1);
        }
        """).Prints("""
        %0 x [2] = Input()
        %1 b [2] = Relu(%0)
        %2 a [2] = Tanh(%0)
        %3 [2] = -(%2, %1)
        """);

    [Fact]
    public void HelperMethodsAreInlined() => Binding.Members("""
        [Linear(4)] private partial Tensor Fc(Tensor x);
        public Tensor Forward([Shape(4)] Tensor x)
        {
            var (a, b) = Both(Fc(x), scale: 2);
            return Activate(a) + Activate(b);
        }
        private static Tensor Activate(Tensor x) { var y = Relu(x); return y; }
        private (Tensor, Tensor) Both(Tensor x, double scale, bool twice = true) => (x * scale, twice ? Tanh(x) : x);
        """).Prints("""
        %0 x [4] = Input()
        %1 Fc [4] = Linear(%0, outputs: 4)
        %2 [] = Constant(values: 2, axes: ())
        %3 a [4] = *(%1, %2)
        %4 b [4] = Tanh(%1)
        %5 [4] = Relu(%3)
        %6 [4] = Relu(%4)
        %7 [4] = +(%5, %6)
        """);

    [Fact]
    public void LocalFunctionsAreInlined() => Binding.Members("""
        public Tensor Forward([Shape(4)] Tensor x)
        {
            var scale = 3;
            return Scaled(Scaled(x));
            Tensor Scaled(Tensor y) => y * scale;
        }
        """).Prints("""
        %0 x [4] = Input()
        %1 [] = Constant(values: 3, axes: ())
        %2 [4] = *(%0, %1)
        %3 [] = Constant(values: 3, axes: ())
        %4 [4] = *(%2, %3)
        """);

    [Fact]
    public void LoopsOverConstantsAreUnrolled() => Binding.Members("""
        private const int Count = 2;
        private static readonly int[] sizes = { 5, 7 };
        public Tensor Forward([Shape(1, 9)] Tensor x)
        {
            for (var i = Count; i > 0; i--)
                x = x + i;
            foreach (var size in sizes)
            {
                if (size == 7)
                    continue;
                x = Slice(x, 1, 0, size);
            }
            foreach (var (start, length) in new[] { (1, 4), (0, 2) })
                x = Slice(x, axis: 1, start, length);
            foreach (var i in Enumerable.Range(0, 3))
            {
                if (i * i >= 1) break;
                x = Relu(x);
            }
            return x;
        }
        """).Prints("""
        %0 x [1, 9] = Input()
        %1 [] = Constant(values: 2, axes: ())
        %2 [1, 9] = +(%0, %1)
        %3 [] = Constant(values: 1, axes: ())
        %4 [1, 9] = +(%2, %3)
        %5 [1, 5] = Slice(%4, axis: 1, start: 0, length: 5)
        %6 [1, 4] = Slice(%5, axis: 1, start: 1, length: 4)
        %7 [1, 2] = Slice(%6, axis: 1, start: 0, length: 2)
        %8 [1, 2] = Relu(%7)
        """);

    [Fact]
    public void ConditionsOnConstantsChoose() => Binding.Members("""
        private const bool Deep = true;
        public Tensor Forward([Shape(4)] Tensor x)
        {
            if (!Deep || 3 * 2 < 5) return Tanh(x);
            else if (Math.Max(2, 3) == 3 && Math.Sqrt(16) > 3.5)
                x = Relu(x);
            return Deep ? x : Exp(x);
        }
        """).Prints("""
        %0 x [4] = Input()
        %1 [4] = Relu(%0)
        """);

    [Fact]
    public void FunctionsKeepTheirSettings() => Binding.Members("""
        public Tensor Forward([Shape(2, 8, 8)] Tensor x)
        {
            var y = AvgPool2d(MaxPool2d(x, 2, ceil: true), window: 3, stride: 1, pad: 1, countPadding: false);
            y = Concat(1, y, Pad(y, axis: 2, before: 0, after: 0, value: -1.5));
            y = Concat([y, y]);
            y = Reshape(y, 4, 2, 16);
            y = Mean(Sum(y, 1, keep: true), 2);
            return Softmax(LeakyRelu(Flatten(y)), axis: 0) + LogSumExp(Elu(Dropout(Flatten(y)), alpha: 2), keep: true);
        }
        """).Prints("""
        %0 x [2, 8, 8] = Input()
        %1 [2, 4, 4] = MaxPool2d(%0, window: 2, stride: 0, pad: 0, dilation: 1, ceil: 1)
        %2 [2, 4, 4] = AvgPool2d(%1, window: 3, stride: 1, pad: 1, ceil: 0, countPadding: 0, dilation: 1)
        %3 [2, 4, 4] = Pad(%2, axis: 2, before: 0, after: 0, value: -1.5)
        %4 [2, 8, 4] = Concat(%2, %3, axis: 1)
        %5 [4, 8, 4] = Concat(%4, %4, axis: 0)
        %6 [4, 2, 16] = Reshape(%5, axes: (4, 2, 16))
        %7 [4, 1, 16] = Sum(%6, axis: 1, keep: 1)
        %8 y [4, 1] = Mean(%7, axis: 2, keep: 0)
        %9 [4] = Flatten(%8)
        %10 [4] = LeakyRelu(%9)
        %11 [4] = Softmax(%10, axis: 0)
        %12 [4] = Flatten(%8)
        %13 [4] = Dropout(%12, rate: 0.5)
        %14 [4] = Elu(%13)
        %15 [1] = LogSumExp(%14, axis: 0, keep: 1)
        %16 [4] = +(%11, %15)
        """);

    [Fact]
    public void AUsersOwnActivationIsElementwise()
    {
        const string library = """
            namespace Lib;
            public static class Activations
            {
                [Elementwise<Cube>] public static Tensor Cubed(Tensor x, double scale = 2, int offset = 1) => x.Map(new Cube(scale, offset));
                public readonly struct Cube(double scale, double offset) : IElementwise
                {
                    public V Value<V, M>(V x) where M : struct, IMath<V> => x;
                    public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => x;
                }
            }
            """;
        var other = Source.Compile([Source.Usings + library], [], "Library").ToMetadataReference();
        var graph = Binding.Network("[Network] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => "
            + "Relu(Lib.Activations.Cubed(x, offset: 4)); }", others: other).Graph!;
        graph.Prints("""
            %0 x [4] = Input()
            %1 [4] = Cube(%0)
            %2 [4] = Relu(%1)
            """);
        var function = graph.Nodes[1].Function!;
        Assert.Equal("global::Lib.Activations.Cube", function.Type);
        Assert.Equal([2, 4], function.Arguments);
        Assert.False(function.HasSecant);
        Assert.Equal("global::Whence.Ops.Relu", graph.Nodes[2].Function!.Type);
        Assert.True(graph.Nodes[2].Function!.HasSecant);
    }

    [Fact]
    public void NodesKeepTheUsersWords()
    {
        var graph = Binding.Members("""
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Relu(
                Fc(
                    x)) + Concat(Slice(x, 0, 0, 1), Slice(x, 0, 1, 1), Slice(x, 0, 2, 1), Slice(x, 0, 3, 1));
            """);
        Assert.Equal("x", graph.Nodes[0].Text);
        Assert.Equal("Fc(x)", graph.Nodes[1].Text);
        Assert.Equal("Relu(Fc(x))", graph.Nodes[2].Text);
        var last = graph.Nodes[^1].Text!;
        Assert.Equal(80, last.Length);
        Assert.StartsWith("Relu(Fc(x)) + Concat(Slice(x, 0, 0, 1)", last);
        Assert.EndsWith("...", last);
    }

    [Fact]
    public void AParameterAssignedToStaysTheInputsName() => Binding.Members("""
        public Tensor Forward([Shape(4)] Tensor x)
        {
            x = Relu(x);
            return Tanh(x);
        }
        """).Prints("""
        %0 x [4] = Input()
        %1 [4] = Relu(%0)
        %2 [4] = Tanh(%1)
        """);

    [Fact]
    public void AClassInPartsIsOneNetwork() => Binding.Graph(
        "[Network] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => Fc(Twice(x)); }",
        "public partial class Net { [Linear(2)] private partial Tensor Fc(Tensor x); static Tensor Twice(Tensor x) => 2 * x; }").Prints("""
        %0 x [4] = Input()
        %1 [] = Constant(values: 2, axes: ())
        %2 [4] = *(%1, %0)
        %3 Fc [2] = Linear(%2, outputs: 2)
        """);
}
