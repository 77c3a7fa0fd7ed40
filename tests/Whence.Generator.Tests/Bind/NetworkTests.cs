using Whence.Generator.Graphs;

namespace Whence.Generator.Tests.Bind;

public class NetworkTests
{
    [Fact]
    public void AnExpressionBodyIsAGraph() => Binding.Members("""
        [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
        [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
        [Linear(128)] private partial Tensor Fc1(Tensor x);
        [Linear(10)]  private partial Tensor Fc2(Tensor x);

        public Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
            Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
        """).Prints("""
        %0 image [1, 28, 28] = Input()
        %1 Conv1 [32, 13, 13] = Conv2d(%0, filters: 32, kernel: 4, stride: 2)
        %2 [32, 13, 13] = Relu(%1)
        %3 Conv2 [64, 5, 5] = Conv2d(%2, filters: 64, kernel: 4, stride: 2)
        %4 [64, 5, 5] = Relu(%3)
        %5 [1600] = Flatten(%4)
        %6 Fc1 [128] = Linear(%5, outputs: 128)
        %7 [128] = Relu(%6)
        %8 Fc2 [10] = Linear(%7, outputs: 10)
        """);

    [Fact]
    public void ParameterisedBlocksAreInlinedWithTheirOwnSizes() => Binding.Graph(Inception, """
        [Network]
        public sealed partial class Inception(int one, int reduce, int three, int pool)
        {
            [Conv2d(nameof(one), kernel: 1)] private partial Tensor One(Tensor x);
            [Conv2d(nameof(reduce), kernel: 1)] private partial Tensor Reduce(Tensor x);
            [Conv2d(nameof(three), kernel: 3, Pad = 1)] private partial Tensor Three(Tensor x);
            [Conv2d(nameof(pool), kernel: 1)] private partial Tensor Project(Tensor x);

            public Tensor Forward(Tensor x)
            {
                var narrow = Relu(Reduce(x));
                return Concat(Relu(One(x)), Relu(Three(narrow)), Relu(Project(MaxPool2d(x, window: 3, stride: 1, pad: 1))));
            }
        }
        """).Prints("""
        %0 x [8, 6, 6] = Input()
        %1 block3a.Reduce [3, 6, 6] = Conv2d(%0, filters: 3, kernel: 1)
        %2 block3a.narrow [3, 6, 6] = Relu(%1)
        %3 block3a.One [2, 6, 6] = Conv2d(%0, filters: 2, kernel: 1)
        %4 [2, 6, 6] = Relu(%3)
        %5 block3a.Three [4, 6, 6] = Conv2d(%2, filters: 4, kernel: 3, pad: 1)
        %6 [4, 6, 6] = Relu(%5)
        %7 [8, 6, 6] = MaxPool2d(%0, window: 3, stride: 1, pad: 1, dilation: 1, ceil: 0)
        %8 block3a.Project [1, 6, 6] = Conv2d(%7, filters: 1, kernel: 1)
        %9 [1, 6, 6] = Relu(%8)
        %10 [7, 6, 6] = Concat(%4, %6, %9, axis: 0)
        %11 block3b.Reduce [1, 6, 6] = Conv2d(%10, filters: 1, kernel: 1)
        %12 block3b.narrow [1, 6, 6] = Relu(%11)
        %13 block3b.One [5, 6, 6] = Conv2d(%10, filters: 5, kernel: 1)
        %14 [5, 6, 6] = Relu(%13)
        %15 block3b.Three [2, 6, 6] = Conv2d(%12, filters: 2, kernel: 3, pad: 1)
        %16 [2, 6, 6] = Relu(%15)
        %17 [7, 6, 6] = MaxPool2d(%10, window: 3, stride: 1, pad: 1, dilation: 1, ceil: 0)
        %18 block3b.Project [3, 6, 6] = Conv2d(%17, filters: 3, kernel: 1)
        %19 [3, 6, 6] = Relu(%18)
        %20 [10, 6, 6] = Concat(%14, %16, %19, axis: 0)
        """);

    private const string Inception = """
        [Network]
        public sealed partial class Net
        {
            private readonly Inception block3a = new(2, 3, 4, 1);
            private readonly Inception block3b = new(one: 5, reduce: 1, three: 2, pool: 1 + 2);

            public Tensor Forward([Shape(8, 6, 6)] Tensor x) => block3b.Forward(block3a.Forward(x));
        }
        """;

    [Fact]
    public void LayersOfSubNetworksKnowTheirTensorsNames()
    {
        var layers = Binding.Graph("""
            [Network]
            public partial class Net
            {
                private readonly Pair leftPair = new Pair();
                [Linear(4)] private partial Tensor HiddenLayer(Tensor x);
                public Tensor Forward([Shape(4)] Tensor x) => leftPair.Forward(HiddenLayer(x));
            }

            [Network]
            public partial class Pair
            {
                private readonly Inner inner = new();
                [Linear(2, Name = "features.0")] private partial Tensor First(Tensor x);
                public Tensor Forward(Tensor x) => inner.Forward(First(x));
            }

            [Network]
            public partial class Inner
            {
                [Linear(3)] private partial Tensor Fc2(Tensor x);
                public Tensor Forward(Tensor x) => Fc2(x);
            }
            """).Nodes.Select(node => node.Layer).OfType<Layer>().Select(layer => $"{layer.Path}: {layer.TensorNames}");
        Assert.Equal(
            ["HiddenLayer: hidden_layer, hiddenLayer", "leftPair.First: left_pair.features.0, leftPair.features.0",
                "leftPair.inner.Fc2: left_pair.inner.fc2, leftPair.inner.fc2"],
            layers);
    }

    [Fact]
    public void AnOrdinaryConstructorGivesABlockItsSizes() => Binding.Graph("""
        [Network]
        public partial class Net
        {
            private readonly Block block;
            private readonly Wide wide = new(3);
            public Net() { block = new Block(5); }
            public Tensor Forward([Shape(4)] Tensor x) => wide.Forward(block.Forward(x));
        }

        [Network]
        public partial class Block
        {
            private readonly int outputs;
            public Block(int width) => outputs = width * 2;
            [Linear(nameof(outputs))] private partial Tensor Fc(Tensor x);
            public Tensor Forward(Tensor x) => Fc(x);
        }

        [Network]
        public partial class Wide(int width)
        {
            private readonly int twice = 2 * width;
            private int Thrice { get; } = 3 * width;
            private readonly Narrow narrow = new(width - 1);
            [Linear(nameof(twice), Bias = false)] private partial Tensor A(Tensor x);
            [Linear(nameof(Thrice))] private partial Tensor B(Tensor x);
            public Tensor Forward(Tensor x) => narrow.Forward(B(A(x)));
        }

        [Network]
        public partial class Narrow(int width)
        {
            [Linear(nameof(width))] private partial Tensor Fc(Tensor x);
            public Tensor Forward(Tensor x) => Fc(x);
        }
        """).Prints("""
        %0 x [4] = Input()
        %1 block.Fc [10] = Linear(%0, outputs: 10)
        %2 wide.A [6] = Linear(%1, outputs: 6, bias: 0)
        %3 wide.B [9] = Linear(%2, outputs: 9)
        %4 wide.narrow.Fc [2] = Linear(%3, outputs: 2)
        """);

    [Fact]
    public void ABlockWithSeveralInputsAndOutputsIsInlined() => Binding.Graph("""
        [Network]
        public partial class Net
        {
            private readonly Cell cell = new();
            public Tensor Forward([Shape(2)] Tensor a, [Shape(3)] Tensor b)
            {
                var (h, c) = cell.Forward(a, b);
                (h, c) = cell.Forward(h, c);
                return h - c;
            }
        }

        [Network]
        public partial class Cell
        {
            public (Tensor H, Tensor C) Forward(Tensor x, Tensor h) => (Tanh(h), h * 2);
        }
        """).Prints("""
        %0 a [2] = Input()
        %1 b [3] = Input()
        %2 [] = Constant(values: 2, axes: ())
        %3 [3] = *(%1, %2)
        %4 h [3] = Tanh(%3)
        %5 [] = Constant(values: 2, axes: ())
        %6 c [3] = *(%3, %5)
        %7 [3] = -(%4, %6)
        """);

    [Fact]
    public void ALayerCalledTwiceIsOneLayer()
    {
        var graph = Binding.Members("""
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Fc(Relu(Fc(x)));
            """);
        Assert.Equal(graph.Nodes[1].Layer, graph.Nodes[3].Layer);
        Assert.Equal("Fc", graph.Nodes[1].Layer!.Path);
    }

    [Fact]
    public void OutputsAreNamedByTheTuple()
    {
        Assert.Equal(["Class", "Box"],
            Binding.Members("public (Tensor Class, Tensor Box) Forward([Shape(4)] Tensor x) => (Relu(x), Tanh(x));").OutputNames);
        Assert.Equal(["output", "output1"],
            Binding.Members("public (Tensor, Tensor) Forward([Shape(4)] Tensor x) => (Relu(x), Tanh(x));").OutputNames);
        Assert.Equal(["output"], Binding.Members("public Tensor Forward([Shape(4)] Tensor x) => Relu(x);").OutputNames);
    }

    [Fact]
    public void AnUnusedValueIsLeftOut() => Binding.Members("""
        public Tensor Forward([Shape(4)] Tensor x, [Shape(2)] Tensor unused)
        {
            var aside = Tanh(x);
            return Relu(x);
        }
        """).Prints("""
        %0 x [4] = Input()
        %1 unused [2] = Input()
        %2 [4] = Relu(%0)
        """);

    [Fact]
    public void ABlockByItselfHasNoGraphButItsLayers()
    {
        var network = Binding.Network("[Network] public partial class Net(int width) { [Linear(nameof(width))] private partial Tensor "
            + "Fc(Tensor x); public Tensor Forward(Tensor x) { for (var i = 0; i < width; i++) x = Fc(x); return width > 3 ? x : Relu(x); "
            + "} }");
        Assert.Null(network.Graph);
        Assert.Equal(["width"], network.ConstructorParameters);
        var layer = Assert.Single(network.Layers);
        Assert.Equal("private partial global::Whence.Tensor Fc(global::Whence.Tensor x)", layer.Declaration);
        Assert.Equal([("outputs", "width")], layer.Settings);
    }

    [Fact]
    public void ADeclarationIsWrittenAsTheUserWroteIt()
    {
        var network = Binding.Network("""
            namespace My.Nets;
            public partial struct Outer
            {
                internal partial record Middle
                {
                    [Network(Explain = Methods.DeepLift, Layers = ["Conv", "mid"], MaxPool = MaxPoolRule.Gradient, Softmax = SoftmaxRule.Elementwise, LrpEpsilon = 0.01)]
                    internal sealed partial class Net
                    {
                        private readonly Block block = new();
                        [Conv2d(4, 3, Bias = false, Groups = 2, StrideWidth = 2, Name = "features.0", Rule = Rule.RevealCancel)] internal partial Tensor Conv(Tensor @in);
                        [BatchNorm(Epsilon = 1e-3)] private partial Tensor Norm(Tensor x);
                        [PRelu(PerChannel = true)] private partial Tensor Act(Tensor x);
                        public Tensor Forward([Shape(2, 8, 8)] Tensor @in) { var mid = Act(Norm(Conv(@in))); return block.Forward(mid); }
                    }
                }
            }
            [Network] public partial class Block { public Tensor Forward(Tensor x) => GlobalAvgPool(x); }
            """, type: "My.Nets.Outer+Middle+Net");
        Assert.Equal(("My.Nets", "Net", "My.Nets.Outer+Middle+Net"), (network.Namespace, network.Name, network.MetadataName));
        Assert.Equal(["partial struct Outer", "partial record Middle"], network.Containers);
        Assert.Equal("internal partial global::Whence.Tensor Conv(global::Whence.Tensor @in)", network.Layers[0].Declaration);
        Assert.Equal([("filters", "4"), ("kernel", "3"), ("bias", "false"), ("groups", "2"), ("strideWidth", "2")],
            network.Layers[0].Settings);
        Assert.Equal(["features.0"], network.Layers[0].TensorNames);
        Assert.Equal([("epsilon", "0.001")], network.Layers[1].Settings);
        Assert.Equal([("perChannel", "true")], network.Layers[2].Settings);
        Assert.Equal("block", Assert.Single(network.Fields).Name);
        Assert.Equal(["Rescale", "RevealCancel", "DeepLift"], network.Explain.Names);
        Assert.Equal(["IDeepLiftNetwork"], network.Explain.Interfaces);
        Assert.Equal(["Conv", "mid"], network.Points);
        Assert.True(network.MaxPoolGradient && network.SoftmaxElementwise);
        Assert.Equal(0.01, network.LrpEpsilon);
        Assert.Equal(RuleChoice.RevealCancel, network.Graph!.Nodes[1].Rule);
        network.Graph.Prints("""
            %0 in [2, 8, 8] = Input()
            %1 Conv [4, 6, 3] = Conv2d(%0, filters: 4, kernel: 3, bias: 0, groups: 2, strideWidth: 2)
            %2 Norm [4, 6, 3] = BatchNorm(%1, epsilon: 0.001)
            %3 mid [4, 6, 3] = PRelu(%2, perChannel: 1)
            %4 [4] = GlobalAvgPool(%3)
            """);
    }

    [Fact]
    public void ClassesOfOneNameInTwoNamespacesAreTwoNetworks()
    {
        const string source = """
            namespace A { [Network] public partial class Net { public Tensor Forward([Shape(2)] Tensor x) => Relu(x); } }
            namespace B { [Network] public partial class Net { public Tensor Forward([Shape(3)] Tensor x) => Tanh(x); } }
            """;
        var (a, b) = (Binding.Network(source, "A.Net"), Binding.Network(source, "B.Net"));
        Assert.NotEqual(a.MetadataName, b.MetadataName);
        Assert.NotEqual(a, b);
    }
}
