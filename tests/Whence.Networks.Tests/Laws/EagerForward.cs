using System.Reflection;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Laws;

/// <summary>
/// What Forward would compute if it were run: the user's graph, call by call, on the eager functions of Nn and the operators of Tensor.
/// It shares nothing with the core graph or the interpreter.
/// </summary>
internal static class EagerForward
{
    public static double[] Run(Graph user, Tensors tensors, ReadOnlySpan<double> x)
    {
        var values = new Tensor[user.Nodes.Count];
        var start = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var node = user.Nodes[i];
            var shape = new Shape(node.Shape!.ToArray());
            if (node.Op is Generator.Ops.TokenInput)
                continue;
            if (node.Op is Input or Embedding)
            {
                values[i] = Tensor.From(shape, x.Slice(start, shape.Size));
                start += shape.Size;
                continue;
            }
            values[i] = Call(node, [.. node.Inputs.Select(input => values[input])], tensors);
            Assert.Equal(shape, values[i].Shape);
        }
        return [.. user.Outputs.SelectMany(output => values[output].Values.ToArray())];
    }

    private static Tensor Call(Node node, Tensor[] x, Tensors tensors)
    {
        var s = node.Settings;
        return node.Op switch
        {
            Constant => Tensor.From(new Shape(s.Ints("axes")), s.Numbers("values")),
            Elementwise => Activation(node.Function!, x[0]),
            Add => x[0].Shape.Rank == 0 ? Number(x[0]) + x[1] : x[1].Shape.Rank == 0 ? x[0] + Number(x[1]) : x[0] + x[1],
            Subtract => x[0].Shape.Rank == 0 ? Number(x[0]) - x[1] : x[1].Shape.Rank == 0 ? x[0] - Number(x[1]) : x[0] - x[1],
            Multiply => x[0].Shape.Rank == 0 ? Number(x[0]) * x[1] : x[1].Shape.Rank == 0 ? x[0] * Number(x[1]) : x[0] * x[1],
            Divide => x[0].Shape.Rank == 0 ? Number(x[0]) / x[1] : x[1].Shape.Rank == 0 ? x[0] / Number(x[1]) : x[0] / x[1],
            Negate => 0.0 - x[0],
            Linear => Nn.Linear(x[0], Weight(node, x, tensors, "weight"), Bias(node, x, tensors)),
            Conv1d when s.Flag("oneHot") => OneHotConv1d(node, x, tensors),
            Conv1d => Nn.Conv1d(x[0], Weight(node, x, tensors, "weight"), Bias(node, x, tensors), s.Int("stride", 1), s.Int("pad"),
                s.Int("dilation", 1), s.Int("groups", 1),
                s.Int("padEnd", -1), PaddingOf(s)),
            Conv2d => Nn.Conv2d(x[0], Weight(node, x, tensors, "weight"), Bias(node, x, tensors), s.Int("stride", 1),
                s.Int("strideWidth", s.Int("stride", 1)),
                s.Int("pad"), s.Int("padWidth", s.Int("pad")), s.Int("dilation", 1), s.Int("dilationWidth", s.Int("dilation", 1)),
                s.Int("groups", 1),
                s.Int("padEnd", -1), PadWidthEnd(s), PaddingOf(s)),
            BatchNorm => Nn.BatchNorm(x[0], Weight(node, x, tensors, "weight"), Weight(node, x, tensors, "bias"),
                Weight(node, x, tensors, "running_mean"), Weight(node, x, tensors, "running_var"), s.Number("epsilon", 1e-5)),
            MultiHeadAttention => Nn.MultiHeadAttention(x[0], x[x.Length == 1 ? 0 : 1], x[x.Length == 1 ? 0 : 2],
                Weight(node, x, tensors, "in_proj_weight"), Bias(node, x, tensors, "in_proj_bias"),
                Weight(node, x, tensors, "out_proj.weight"), Bias(node, x, tensors, "out_proj.bias"), s.Int("heads"), s.Flag("causal")),
            ConvTranspose1d => Nn.ConvTranspose1d(x[0], Weight(node, x, tensors, "weight"), Bias(node, x, tensors),
                s.Int("stride", 1), s.Int("pad"), s.Int("outputPad"), s.Int("dilation", 1), s.Int("groups", 1), s.Int("padEnd", -1),
                PaddingOf(s)),
            ConvTranspose2d => Nn.ConvTranspose2d(x[0], Weight(node, x, tensors, "weight"), Bias(node, x, tensors), s.Int("stride", 1),
                s.Int("strideWidth", s.Int("stride", 1)),
                s.Int("pad"), s.Int("padWidth", s.Int("pad")), s.Int("outputPad"), s.Int("outputPadWidth", s.Int("outputPad")),
                s.Int("dilation", 1), s.Int("dilationWidth", s.Int("dilation", 1)), s.Int("groups", 1), s.Int("padEnd", -1), PadWidthEnd(s),
                PaddingOf(s)),
            LayerNorm => Nn.LayerNorm(x[0], Optional(node, x, tensors, "weight"), Optional(node, x, tensors, "bias"), s.Int("axes", 1),
                s.Number("epsilon", 1e-5)),
            RmsNorm => Nn.RmsNorm(x[0], Optional(node, x, tensors, "weight"), s.Int("axes", 1), s.Number("epsilon", 1e-5)),
            GroupNorm => Nn.GroupNorm(x[0], Optional(node, x, tensors, "weight"), Optional(node, x, tensors, "bias"), s.Int("groups"),
                s.Number("epsilon", 1e-5)),
            InstanceNorm =>
                Nn.InstanceNorm(x[0], Optional(node, x, tensors, "weight"), Optional(node, x, tensors, "bias"), s.Number("epsilon", 1e-5)),
            Maxout => Nn.Maxout(x[0], Weight(node, x, tensors, "weight"), Bias(node, x, tensors), s.Int("pieces")),
            PRelu => Nn.PRelu(x[0], Weight(node, x, tensors, "weight")),
            LstmCell => Nn.LstmCell(x[0], x[1], x[2], Weight(node, x, tensors, "weight_ih"), Weight(node, x, tensors, "weight_hh"),
                Bias(node, x, tensors, "bias_ih"), Bias(node, x, tensors, "bias_hh")) is var (h, c) ? Nn.Concat(h, c) : null!,
            GruCell => Nn.GruCell(x[0], x[1], Weight(node, x, tensors, "weight_ih"), Weight(node, x, tensors, "weight_hh"),
                Bias(node, x, tensors, "bias_ih"), Bias(node, x, tensors, "bias_hh"), s.Flag("resetAfter", true)),
            Lstm => Nn.Lstm(x[0], Weights(node, x, tensors), s.Int("layers", 1), s.Flag("bidirectional"), s.Flag("lastState"),
                s.Flag("bias", true)),
            Gru => Nn.Gru(x[0], Weights(node, x, tensors), s.Int("layers", 1), s.Flag("bidirectional"), s.Flag("lastState"),
                s.Flag("bias", true), s.Flag("resetAfter", true)),
            _ => ByName(node, x),
        };
    }

    // The method marked with the function's struct; a function that only kernels use has none.
    private static Tensor Activation(Function function, Tensor x)
    {
        foreach (var method in typeof(Nn).GetMethods())
        {
            var marked = method.GetCustomAttributes().FirstOrDefault(
                a => a.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ElementwiseAttribute<>));
            if (marked is not null && $"global::{marked.GetType().GetGenericArguments()[0].FullName!.Replace('+', '.')}" == function.Type)
                return (Tensor)method.Invoke(null, [x, .. function.Arguments.Select(argument => (object)argument)])!;
        }
        var type = typeof(Whence.Ops).GetNestedType(function.Name)!;
        var map = typeof(Tensor).GetMethods().First(method => method is { Name: "Map" } && method.GetParameters().Length == 1);
        return (Tensor)map.MakeGenericMethod(type).Invoke(x, [Activator.CreateInstance(type)])!;
    }

    private static Tensor OneHotConv1d(Node node, Tensor[] x, Tensors tensors)
    {
        var (weight, bias) = (Weight(node, x, tensors, "weight"), Weight(node, x, tensors, "bias"));
        var (normal, moved) = (weight.Values.ToArray(), bias.Values.ToArray());
        OneHot.Normalise(normal, moved, weight.Shape[1]);
        return Nn.Conv1d(x[0], Tensor.From(weight.Shape, normal), Tensor.From(bias.Shape, moved), node.Settings.Int("stride", 1), 0,
            node.Settings.Int("dilation", 1), 1);
    }

    /// <summary>A function of Nn without weights.</summary>
    internal static Tensor Named(Op op, Settings settings, Tensor[] x) => ByName(new Node(op, default, settings), x);

    private static Tensor ByName(Node node, Tensor[] x)
    {
        var method = typeof(Nn).GetMethods().Where(method => method.Name == node.Op.Name)
            .MaxBy(method => method.GetParameters().Count(parameter => node.Settings.Has(parameter.Name!)))
            ?? throw new InvalidOperationException($"Nn has no {node.Op.Name}.");
        var next = 0;
        return (Tensor)method.Invoke(null, [.. method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(Tensor) ? next < x.Length ? x[next++] : null :
            parameter.ParameterType.IsAssignableFrom(typeof(Tensor[])) ? x :
            Setting(parameter, node.Settings))])!;
    }

    private static object? Setting(ParameterInfo parameter, Settings settings) =>
        !settings.Has(parameter.Name!) ? parameter.DefaultValue :
        parameter.ParameterType == typeof(bool) ? settings.Flag(parameter.Name!) :
        parameter.ParameterType == typeof(int) ? settings.Int(parameter.Name!) :
        parameter.ParameterType == typeof(int[]) ? settings.Ints(parameter.Name!) :
        parameter.ParameterType == typeof(PaddingRule) ? PaddingOf(settings) :
        settings.Number(parameter.Name!);

    private static PaddingRule PaddingOf(Settings settings) => (PaddingRule)settings.Int("padding");

    private static int PadWidthEnd(Settings settings) =>
        settings.Int("padWidthEnd", settings.Has("padWidth") ? -1 : settings.Int("padEnd", -1));

    private static double Number(Tensor scalar) => scalar.Values[0];

    private static List<Tensor> Weights(Node node, Tensor[] x, Tensors tensors) =>
        [.. node.Op
            .Parameters([.. x.Select(input => new Generator.Graphs.Shape(input.Shape.ToArray()))], node.Settings)
            .Select(parameter => Weight(node, x, tensors, parameter.Role))];

    private static Tensor? Bias(Node node, Tensor[] x, Tensors tensors, string role = "bias") =>
        node.Settings.Flag("bias", true) ? Weight(node, x, tensors, role) : null;

    private static Tensor? Optional(Node node, Tensor[] x, Tensors tensors, string role) =>
        node.Op
            .Parameters([.. x.Select(input => new Generator.Graphs.Shape(input.Shape.ToArray()))], node.Settings)
            .Any(parameter => parameter.Role == role)
            ? Weight(node, x, tensors, role)
            : null;

    private static Tensor Weight(Node node, Tensor[] x, Tensors tensors, string role)
    {
        var shapes = x.Select(input => new Generator.Graphs.Shape(input.Shape.ToArray())).ToList();
        var shape = new Shape(node.Op.Parameters(shapes, node.Settings).First(parameter => parameter.Role == role).Shape.ToArray());
        return Tensor.From(shape, tensors([.. node.Layer!.TensorNames.Select(name => role.Length == 0 ? name : $"{name}.{role}")], shape));
    }
}
