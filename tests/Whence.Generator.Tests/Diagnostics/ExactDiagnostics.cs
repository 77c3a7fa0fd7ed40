namespace Whence.Generator.Tests.Diagnostics;

/// <summary>Calls that ask for an exact integral where there is none.</summary>
public class ExactDiagnostics
{
    [Theory]
    [InlineData("Sigmoid(Relu(x)) * 2", "Target.Unit(0)", "Net's output is not linear")]
    [InlineData("Softmax(Relu(x))", "Target.Unit(0).OfOutput()", "leave OfOutput() out")]
    [InlineData("Tanh(x) + 1", "target", "Quadrature.GaussLegendre suits smooth networks")]
    [InlineData("Softmax(x) * x", "Targets.Each([Target.Unit(0), target])", "is not linear in its inputs")]
    public Task ASmoothTargetIsAWarning(string forward, string target, string message) =>
        Diagnosis.Is("WH509", Source(forward,
            $"net.IntegratedGradients(x, 1, {target}, options: new PathOptions {{ Quadrature = [|Quadrature.Exact|] }})"), message);

    [Fact]
    public Task ALayerAboveASmoothOneIsAWarning() => Diagnosis.Is("WH509", Source("Named(Sigmoid(x))",
        "net.IntegratedGradients(x, 1, Target.Layer(\"h\", 0), options: new PathOptions { Quadrature = [|Quadrature.Exact|] })"), "h");

    [Theory]
    [InlineData("Softmax(Relu(x))", "Target.Unit(0)")]
    [InlineData("Relu(x) + Abs(x) + Clamp(x, -1, 1)", "Target.Unit(0).OfOutput()")]
    [InlineData("Softmax(Relu(x))", "target")]
    [InlineData("Sigmoid(Named(Relu(x))) * 2", "Target.Layer(\"h\", 0)")]
    public Task WhatIsLinearButForKinksIsNone(string forward, string target) => Diagnosis.Nothing(Source(forward,
        $"net.IntegratedGradients(x, 1, {target}, options: new PathOptions {{ Quadrature = Quadrature.Exact }})"));

    [Fact]
    public Task PointsOfOnesOwnComeFirst() => Diagnosis.Nothing(Source("Tanh(x)",
        "net.IntegratedGradients(x, Target.Unit(0), options: new PathOptions { Quadrature = Quadrature.Exact, Points = points })"));

    [Theory]
    [InlineData("Conductance(\"h\", x, target, options: ")]
    [InlineData("LayerIntegratedGradients(\"h\", x, target, options: ")]
    [InlineData("InternalInfluence(\"h\", x, target, options: ")]
    public Task OtherMethodsHaveNone(string call) => Diagnosis.Is("WH510", Source("Named(Relu(x)) * 2",
        $"net.{call}new PathOptions {{ Quadrature = [|Quadrature.Exact|] }})"), "Quadrature.Exact is for IntegratedGradients alone");

    private static string Source(string forward, string call) => $$"""
        [Network(Explain = Methods.IntegratedGradients{{(forward.Contains("Named") ? ", Layers = [\"h\"]" : "")}})]
        public partial class Net
        {
            private static Tensor Named(Tensor x)
            {
                var h = x * 1;
                return h;
            }

            public Tensor Forward([Shape(4)] Tensor x) => {{forward}};
        }

        public static class Program
        {
            public static object Ask(Net net, float[] x, Target target, PathPoints points) => {{call}};
        }
        """;
}
