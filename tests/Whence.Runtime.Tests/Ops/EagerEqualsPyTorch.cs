using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Operators;

public class EagerEqualsPyTorch
{
    public static TheoryData<string> Cases => [.. OperatorCase.All.Keys];

    public static TheoryData<string> Activations => [.. OperatorCase.All.Values.Where(c => Elementwise(c) is not null).Select(c => c.Id)];

    [Theory, MemberData(nameof(Cases))]
    public void Outputs_agree(string id)
    {
        var c = OperatorCase.All[id];
        Close(c.Output, Run(c));
    }

    [Theory, MemberData(nameof(Activations))]
    public void Slopes_times_the_cotangent_are_the_vector_Jacobian_product(string id)
    {
        var c = OperatorCase.All[id];
        var x = c.Inputs[0];
        var slopes = Slopes((dynamic)Elementwise(c)!, x);
        Close(c.Vjp[0], slopes * c.Cotangent);
    }

    [Fact]
    public void Every_operator_of_Nn_has_a_case()
    {
        // Two make constants, an embedding copies rows of its table, and Zip reads several sequences side by side.
        var constants = new[] { nameof(Nn.Zeros), nameof(Nn.Constant), nameof(Nn.Embedding), nameof(Nn.Zip) };
        var named = typeof(Nn).GetMethods().Where(method => method.IsStatic).Select(method => method.Name).Distinct().Except(constants);
        Assert.Empty(named.Except(OperatorCase.All.Values.Select(c => c.Op)));
    }

    private static Tensor Slopes<F>(F f, Tensor x) where F : struct, IElementwise
    {
        var slopes = new double[x.Shape.Size];
        for (var i = 0; i < slopes.Length; i++)
            slopes[i] = f.Slope<double, DoubleMath>(x.Values[i], f.Value<double, DoubleMath>(x.Values[i]));
        return new Tensor(x.Shape, slopes);
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var i = 0; i < expected.Shape.Size; i++)
            Assert.True(Math.Abs(expected.Values[i] - actual.Values[i]) <= 1e-12 * Math.Max(1, Math.Abs(expected.Values[i])),
                $"element {i}: expected {expected.Values[i]:r}, found {actual.Values[i]:r}");
    }

    private static IElementwise? Elementwise(OperatorCase c) => c.Op switch
    {
        "Relu" => new Ops.Relu(),
        "LeakyRelu" => new Ops.LeakyRelu(c.Number("slope", 0.01)),
        "Elu" => new Ops.Elu(c.Number("alpha", 1)),
        "Selu" => new Ops.Selu(),
        "Gelu" => new Ops.Gelu(),
        "GeluTanh" => new Ops.GeluTanh(),
        "Silu" => new Ops.Silu(),
        "Softplus" => new Ops.Softplus(),
        "Sigmoid" => new Ops.Sigmoid(),
        "Tanh" => new Ops.Tanh(),
        "Erf" => new Ops.Erf(),
        "HardSwish" => new Ops.HardSwish(),
        "HardSigmoid" => new Ops.HardSigmoid(),
        "Exp" => new Ops.Exp(),
        "Log" => new Ops.Log(),
        "Reciprocal" => new Ops.Reciprocal(),
        "Abs" => new Ops.Abs(),
        "Square" => new Ops.Square(),
        "Sqrt" => new Ops.Sqrt(),
        "ReciprocalSqrt" => new Ops.ReciprocalSqrt(),
        "Pow" => new Ops.Pow(c.Number("exponent", 1)),
        "Clamp" => new Ops.Clamp(c.Number("min", 0), c.Number("max", 0)),
        _ => null,
    };

    private static Tensor Run(OperatorCase c)
    {
        var inputs = c.Inputs;
        var x = inputs[0];
        return c.Op switch
        {
            "Relu" => Nn.Relu(x),
            "LeakyRelu" => Nn.LeakyRelu(x, c.Number("slope", 0.01)),
            "Elu" => Nn.Elu(x, c.Number("alpha", 1)),
            "Selu" => Nn.Selu(x),
            "Gelu" => Nn.Gelu(x),
            "GeluTanh" => Nn.GeluTanh(x),
            "Silu" => Nn.Silu(x),
            "Softplus" => Nn.Softplus(x),
            "Sigmoid" => Nn.Sigmoid(x),
            "Tanh" => Nn.Tanh(x),
            "Erf" => Nn.Erf(x),
            "HardSwish" => Nn.HardSwish(x),
            "HardSigmoid" => Nn.HardSigmoid(x),
            "Exp" => Nn.Exp(x),
            "Log" => Nn.Log(x),
            "Reciprocal" => Nn.Reciprocal(x),
            "Abs" => Nn.Abs(x),
            "Square" => Nn.Square(x),
            "Sqrt" => Nn.Sqrt(x),
            "ReciprocalSqrt" => Nn.ReciprocalSqrt(x),
            "Pow" => Nn.Pow(x, c.Number("exponent", 1)),
            "Clamp" => Nn.Clamp(x, c.Number("min", 0), c.Number("max", 0)),
            "Max" => Nn.Max(x, inputs[1]),
            "Min" => Nn.Min(x, inputs[1]),
            "LocalResponseNorm" =>
                Nn.LocalResponseNorm(x, c.Int("size"), c.Number("alpha", 1e-4), c.Number("beta", 0.75), c.Number("k", 1), c.Flag("sum")),
            "LayerNorm" => Nn.LayerNorm(x, c.Optional("weight"), c.Optional("bias"), c.Int("axes"), c.Number("epsilon", 1e-5)),
            "RmsNorm" => Nn.RmsNorm(x, c.Optional("weight"), c.Int("axes"), c.Number("epsilon", 1e-5)),
            "GroupNorm" => Nn.GroupNorm(x, c.Optional("weight"), c.Optional("bias"), c.Int("groups"), c.Number("epsilon", 1e-5)),
            "InstanceNorm" => Nn.InstanceNorm(x, c.Optional("weight"), c.Optional("bias"), c.Number("epsilon", 1e-5)),
            "Maxout" => Nn.Maxout(x, c.Weight("weight"), c.Bias, c.Int("pieces")),
            "Negate" => -x,
            "+" => x + inputs[1],
            "-" => x - inputs[1],
            "*" => x * inputs[1],
            "/" => x / inputs[1],
            "Linear" => Nn.Linear(x, c.Weight("weight"), c.Bias),
            "Conv1d" => Nn.Conv1d(x, c.Weight("weight"), c.Bias, c.Int("stride"), c.Int("pad"), c.Int("dilation"), c.Int("groups"),
                c.Int("padEnd", -1), c.Padding),
            "Conv2d" => Nn.Conv2d(
                x, c.Weight("weight"), c.Bias, c.Int("stride"), c.Int("strideWidth"), c.Int("pad"), c.Int("padWidth"),
                c.Int("dilation"), c.Int("dilationWidth"), c.Int("groups"), c.Int("padEnd", -1), c.Int("padWidthEnd", -1), c.Padding),
            "BatchNorm" => Nn.BatchNorm(x, c.Weight("weight"), c.Weight("bias"), c.Weight("running_mean"), c.Weight("running_var"),
                c.Number("epsilon", 1e-5)),
            "PRelu" => Nn.PRelu(x, c.Weight("weight")),
            "MaxPool1d" => Nn.MaxPool1d(x, c.Int("window"), c.Int("stride"), c.Int("pad"), c.Int("dilation"), c.Flag("ceil"),
                c.Int("padEnd", -1), c.Padding),
            "MaxPool2d" => Nn.MaxPool2d(
                x, c.Int("window"), c.Int("stride"), c.Int("pad"), c.Int("dilation"), c.Flag("ceil"), c.Int("windowWidth", 0),
                c.Int("strideWidth", 0),
                c.Int("padWidth", -1), c.Int("padEnd", -1), c.Int("padWidthEnd", -1), c.Int("dilationWidth", 0), c.Padding),
            "AvgPool1d" => Nn.AvgPool1d(
                x, c.Int("window"), c.Int("stride"), c.Int("pad"), c.Flag("ceil"), c.Flag("countPadding"), c.Int("dilation", 1),
                c.Int("padEnd", -1), c.Padding),
            "AvgPool2d" => Nn.AvgPool2d(
                x, c.Int("window"), c.Int("stride"), c.Int("pad"), c.Flag("ceil"), c.Flag("countPadding"), c.Int("windowWidth", 0),
                c.Int("strideWidth", 0),
                c.Int("padWidth", -1), c.Int("padEnd", -1), c.Int("padWidthEnd", -1), c.Int("dilation", 1), c.Int("dilationWidth", 0),
                c.Padding),
            "GlobalAvgPool" => Nn.GlobalAvgPool(x),
            "GlobalMaxPool" => Nn.GlobalMaxPool(x),
            "Flatten" => Nn.Flatten(x),
            "Reshape" => Nn.Reshape(x, c.Ints("axes")),
            "Concat" => Nn.Concat(c.Int("axis"), inputs),
            "Slice" => Nn.Slice(x, c.Int("axis"), c.Int("start"), c.Int("length")),
            "Pad" => Nn.Pad(x, c.Int("axis"), c.Int("before"), c.Int("after"), c.Number("value", 0)),
            "Sum" => Nn.Sum(x, c.Int("axis"), c.Flag("keep")),
            "Mean" => Nn.Mean(x, c.Int("axis"), c.Flag("keep")),
            "LogSumExp" => Nn.LogSumExp(x, c.Int("axis"), c.Flag("keep")),
            "Softmax" => Nn.Softmax(x, c.Int("axis")),
            "LogSoftmax" => Nn.LogSoftmax(x, c.Int("axis")),
            "Permute" => Nn.Permute(x, c.Ints("order")),
            "Transpose" => Nn.Transpose(x, c.Int("first"), c.Int("second")),
            "Gather" => Nn.Gather(x, c.Int("axis"), c.Ints("indices")),
            "MatMul" => Nn.MatMul(x, inputs[1], c.Flag("transposeA"), c.Flag("transposeB")),
            "ScaledDotProductAttention" =>
                Nn.ScaledDotProductAttention(x, inputs[1], inputs[2], inputs.Length > 3 ? inputs[3] : null, c.Flag("causal")),
            "MultiHeadAttention" => Nn.MultiHeadAttention(
                x, inputs[inputs.Length == 1 ? 0 : 1], inputs[inputs.Length == 1 ? 0 : 2], c.Weight("in_proj_weight"),
                c.Optional("in_proj_bias"),
                c.Weight("out_proj.weight"), c.Optional("out_proj.bias"), c.Int("heads"), c.Flag("causal")),
            "ConvTranspose1d" => Nn.ConvTranspose1d(x, c.Weight("weight"), c.Bias, c.Int("stride"), c.Int("pad"), c.Int("outputPad"),
                c.Int("dilation"), c.Int("groups"), c.Int("padEnd", -1), c.Padding),
            "ConvTranspose2d" => Nn.ConvTranspose2d(
                x, c.Weight("weight"), c.Bias, c.Int("stride"), c.Int("strideWidth"), c.Int("pad"), c.Int("padWidth"), c.Int("outputPad"),
                c.Int("outputPadWidth"),
                c.Int("dilation"), c.Int("dilationWidth"), c.Int("groups"), c.Int("padEnd", -1), c.Int("padWidthEnd", -1), c.Padding),
            "UpsampleNearest" => Nn.UpsampleNearest(x, c.Int("scale")),
            "UpsampleBilinear" => Nn.UpsampleBilinear(x, c.Int("scale"), c.Flag("alignCorners")),
            "Dropout" => Nn.Dropout(x, c.Number("rate", 0.5)),
            "Stack" => Nn.Stack(inputs),
            "Reverse" => Nn.Reverse(x),
            "Last" => Nn.Last(x),
            "LstmCell" => Nn.LstmCell(x, inputs[1], inputs[2], c.Weight("weight_ih"), c.Weight("weight_hh"), c.Optional("bias_ih"),
                c.Optional("bias_hh")) is var (h, s) ? Nn.Concat(h, s) : x,
            "GruCell" =>
                Nn.GruCell(x, inputs[1], c.Weight("weight_ih"), c.Weight("weight_hh"), c.Optional("bias_ih"), c.Optional("bias_hh")),
            "Lstm" => Nn.Lstm(x, c.Weights, c.Int("layers"), c.Flag("bidirectional"), c.Flag("lastState"), c.Flag("bias")),
            "Gru" => Nn.Gru(x, c.Weights, c.Int("layers"), c.Flag("bidirectional"), c.Flag("lastState"), c.Flag("bias")),
            _ => throw new InvalidOperationException($"The fixture has an operator {c.Op} that this test does not know."),
        };
    }
}
