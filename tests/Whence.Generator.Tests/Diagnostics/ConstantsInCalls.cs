namespace Whence.Generator.Tests.Diagnostics;

/// <summary>Constants in calls and options with which a question throws: said once, and under the id of what is wrong.</summary>
public class ConstantsInCalls
{
    private static string Used(string statements) => $$"""
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Fc(Relu(x));
        }

        [Network(Explain = Methods.Gradient)]
        public partial class Reader
        {
            [Embedding(26, 5)] private partial Tensor E(Tensor t);
            public Tensor Forward([Tokens(6)] Tensor text) => Flatten(E(text));
        }

        [Network(Explain = Methods.Gradient)]
        public partial class Listener
        {
            [Embedding(10, 5)] private partial Tensor E(Tensor t);
            public Tensor Forward([Tokens(6, Variable = true)] Tensor text, [Shape(5)] Tensor y) => Mean(E(text), 0) + y;
        }

        [Network(Explain = Methods.Gradient)]
        public partial class Follower
        {
            public Tensor Forward([Shape(6, 2, Variable = true)] Tensor walk) => Mean(walk, 0);
        }

        public static class Use
        {
            public static void Run(Net net, Reader reader, Listener listener, Follower follower, float[] x, int[] text, int n,
                PathOptions given)
            { {{statements}} }
        }
        """;

    [Theory]
    [InlineData("WH206", "net.InteriorGradients(x, Target.Unit(0), [[|double.NaN|]]);",
        "an alpha of InteriorGradients is NaN, but must be finite")]
    [InlineData("WH206", "net.InteriorGradients(x, Target.Unit(0), [0.5, [|1 / 0.0|]]);", "must be finite")]
    [InlineData("WH206", "new PathPoints([[|double.NegativeInfinity|]]).ToString();", "must be finite")]
    [InlineData("WH205", "net.InteriorGradients(x, Target.Unit(0), [[|1.5|]]);", "1.5 is not on the path")]
    [InlineData("WH206", "net.Gradient(new float[4], [|-3|], Target.Unit(0));", "count of Gradient is -3")]
    [InlineData("WH206", "SpanExplainers.Gradient(net, new float[4], [|-1|], Target.Unit(0), new float[4]);", "is -1")]
    [InlineData("WH206", "net.DeepLift(new float[4], [|-1|], Target.Unit(0), references: References.PerInput(new float[4]));", "is -1")]
    [InlineData("WH505", "reader.Embed([|new int[5]|]);", "text takes 6 numbers, tokens: text of Reader, but is given 5")]
    [InlineData("WH505", "reader.Predict([|[1, 2, 3, 4, 5, 6, 7]|]);", "text takes 6 numbers")]
    [InlineData("WH505", "reader.Embed([|new int[6]|], new float[60], 2);", "text takes 12 numbers")]
    [InlineData("WH505", "reader.Embed(text, [|new float[29]|], 1);", "rows takes 30 numbers")]
    [InlineData("WH505", "listener.Embed(text, default, new float[10], [|new float[69]|], 2);", "rows takes 82 numbers")]
    [InlineData("WH505", "reader.Embed(text, [|new float[31]|], 1);", "rows takes 30 numbers")]
    [InlineData("WH505", "reader.Predict([|stackalloc int[5]|]);", "text takes 6 numbers")]
    [InlineData("WH505", "var few = new int[2]; reader.Embed([|few|]);", "is given 2")]
    [InlineData("WH505", "listener.Embed([|new int[7]|], new float[5]);", "text takes 1 to 6 numbers")]
    [InlineData("WH505", "listener.Predict([|[]|], new float[5]);", "text takes 1 to 6 numbers")]
    [InlineData("WH505", "listener.Predict(text, [|new float[4]|]);", "y takes 5 numbers")]
    [InlineData("WH505", "follower.Predict([|new float[3]|]);", "walk takes 2 to 12, in positions of 2, numbers")]
    [InlineData("WH505", "follower.Embed([|new float[14]|]);", "walk takes 2 to 12")]
    [InlineData("WH206", "reader.Embed([1, 2, 3, [|26|], 4, 5]);", "a token of text is 26, but must be from 0 to 25")]
    [InlineData("WH206", "listener.Predict([0, [|-1|]], new float[5]);", "a token of text is -1")]
    [InlineData("WH507", "net.Gradient(x, 3, Targets.PerInput([|[Target.Unit(0), Target.Unit(1)]|]));",
        "Net is asked about 3 inputs, each with a target of its own, but is given 2")]
    [InlineData("WH507", "net.Gradient(x, 1, Targets.PerInput([|new[] { Target.Unit(0), Target.Unit(1) }|]));", "asked about 1 input,")]
    [InlineData("WH507", "var all = new Target[4]; net.DeepLift(x, 2, Targets.PerInput([|all|]));", "is given 4")]
    [InlineData("WH501", "net.Gradient(x, 2, Targets.PerInput([Target.Unit(0), Target.Unit([|7|])]));", "no unit 7")]
    [InlineData("WH206", "net.Predict(new float[4], new float[3], [|-1|]);", "count of Predict is -1")]
    [InlineData("WH206", "reader.Embed(new int[6], new float[30], [|-1|]);", "count of Embed is -1")]
    [InlineData("WH206", "net.DeepLift(x, Target.Unit(0)).RequireGap([|-1|]);", "tolerance of RequireGap is -1, but must be at least 0")]
    [InlineData("WH206", "net.DeepLift(x, Target.Unit(0)).RequireGap([|double.NaN|]);", "tolerance of RequireGap is NaN")]
    [InlineData("WH206", "net.DeepLift(x, Target.Unit(0)).Top([|-5|]);", "k of Top is -5, but must be at least 0")]
    public Task WhatThrowsIsSaid(string id, string statements, string says) => Diagnosis.Is(id, Used(statements), says);

    [Theory]
    [InlineData("var o = new PathOptions { Steps = 1 }; var p = [|o with { Quadrature = Quadrature.Trapezoid }|]; p.ToString();",
        "Steps of PathOptions is 1, but must be at least 2")]
    [InlineData("var o = new PathOptions { Quadrature = Quadrature.Trapezoid }; var p = o with { Steps = [|1|] }; p.ToString();",
        "at least 2")]
    [InlineData("(given with { Steps = [|1|], Quadrature = Quadrature.Trapezoid }).ToString();", "at least 2")]
    [InlineData("(new PathOptions { Steps = [|1|] } with { Threads = 2 } with { Quadrature = Quadrature.Trapezoid }).ToString();",
        "at least 2")]
    [InlineData("(given with { Steps = [|0|] }).ToString();", "Steps of PathOptions is 0")]
    [InlineData("(given with { Steps = 100, Tolerance = 0.1, MaxSteps = [|50|] }).ToString();", "at least 100")]
    [InlineData("var o = new PathOptions { Steps = 100, Tolerance = 0.1 }; (o with { MaxSteps = [|50|] }).ToString();", "at least 100")]
    [InlineData("(new NoiseOptions() with { Samples = [|0|] }).ToString();", "Samples of NoiseOptions is 0")]
    public Task WhatOptionsAreChangedToIsRead(string statements, string says) => Diagnosis.Is("WH206", Used(statements), says);

    [Theory]
    [InlineData("reader.Embed(new int[6]); reader.Embed(text); reader.Embed(new int[12], new float[60], 2);")]
    [InlineData("reader.Embed(new int[6 * n], new float[30 * n], n); reader.Predict([0, 25, 1, 2, 3, 4]);")]
    [InlineData("listener.Embed([1], new float[5]); listener.Embed(new int[6], new float[5]); follower.Predict(new float[6]);")]
    [InlineData("listener.Predict(new int[12], new[] { 3, 4 }, new float[10], new float[10], 2); follower.Embed(new float[12]);")]
    [InlineData("net.Gradient(x, 2, Targets.PerInput([Target.Unit(0), Target.Unit(1)])); net.Gradient(x, n, Targets.PerInput([]));")]
    [InlineData("net.Gradient(x, 3, Targets.Each([Target.Unit(0), Target.Unit(1)]));")]
    [InlineData("var o = new PathOptions { Steps = 1 }; (o with { Quadrature = Quadrature.Trapezoid, Steps = 4 }).ToString();")]
    [InlineData("var o = new PathOptions { Steps = 100, Tolerance = 0.1 }; (o with { Tolerance = null, MaxSteps = 50 }).ToString();")]
    [InlineData("net.DeepLift(x, Target.Unit(0)).RequireGap(0).Top(0).ToString();")]
    [InlineData("net.InteriorGradients(x, Target.Unit(0), [0, 1]); (given with { Quadrature = Quadrature.Trapezoid }).ToString();")]
    public Task WhatCanBeAskedIsNot(string statements) => Diagnosis.Nothing(Used(statements));

    [Theory]
    [InlineData("[|x * 1e30 * 1e30|]", "multiplied by constants whose product a float cannot hold")]
    [InlineData("[|(x + 1e30) * 1e30|]", "put together with constants that come to more than a float can hold")]
    [InlineData("[|x + 3e38 + 3e38|]", "come to more")]
    [InlineData("[|-x * 1e20 / 1e-20|]", "product")]
    [InlineData("[|2e38 - (x - 2e38)|]", "come to more")]
    [InlineData("[|Reshape(x * 1e38, 2, 2) * 100|]", "product")]
    [InlineData("Relu([|x * 1e30 * 1e30|]) * 1e30", "product")]
    public Task NumbersThatComeToTooMuchAreSaid(string expression, string says) =>
        Diagnosis.IsIn("WH204", $"public Tensor Forward([Shape(4)] Tensor x) => {expression};", says);

    [Theory]
    [InlineData("x * 1e30 * 1e-30 * 1e30")]
    [InlineData("x * 1e30 + 1e30")]
    [InlineData("Relu(x * 1e30) * 1e30")]
    [InlineData("x * 1e30 * Relu(x) * 1e8")]
    [InlineData("1e30 / (x * 1e30 + 1)")]
    [InlineData("x + 3e38 - 3e38 + 3e38")]
    public Task NumbersThatDoNotAreNot(string expression) =>
        Diagnosis.Nothing($"[Network] public partial class Net {{ public Tensor Forward([Shape(4)] Tensor x) => {expression}; }}");
}
