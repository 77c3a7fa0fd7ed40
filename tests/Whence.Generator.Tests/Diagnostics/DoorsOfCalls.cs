namespace Whence.Generator.Tests.Diagnostics;

/// <summary>Of all calls of a layer, scores and neurons are of one call, summed over them; a target counts the units of each.</summary>
public class DoorsOfCalls
{
    private static string Used(string statements) => $$"""
        [Network(Explain = Methods.All, Layers = ["Fc.*"])]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor a, [Shape(4)] Tensor b) => Tanh(Fc(a)) - Tanh(Fc(b));
        }

        public static class Use
        {
            public static void Run(Net net, float[] x) { {{statements}} }
        }
        """;

    [Theory]
    [InlineData("net.NeuronConductance(\"Fc.*\", 2, x, Target.Unit(0));")]
    [InlineData("net.Gradient(x, Target.Layer(\"Fc.*\", 5));")]
    [InlineData("SpanExplainers.LayerDeepLift(net, \"Fc.*\", x, 1, Target.Unit(0), Rule.Rescale, default, new float[3]);")]
    [InlineData("SpanExplainers.Conductance(net, \"Fc.*\", x, 1, Target.Unit(0), default, new float[3]);")]
    public Task WhatTheyHave(string statements) => Diagnosis.Nothing(Used(statements));

    [Theory]
    [InlineData("WH501", "net.NeuronConductance(\"Fc.*\", [|3|], x, Target.Unit(0));", "Fc.* is [3], counted from 0 to 2")]
    [InlineData("WH501", "net.Gradient(x, Target.Layer(\"Fc.*\", [|6|]));", "Fc.* is [2, 3]")]
    [InlineData("WH505", "SpanExplainers.Conductance(net, \"Fc.*\", x, 1, Target.Unit(0), default, [|new float[2]|]);",
        "takes 3 numbers, Fc.* [3], but is given 2")]
    public Task WhatTheyDoNot(string id, string statements, string says) => Diagnosis.Is(id, Used(statements), says);
}
