namespace Whence.Generator.Tests.House;

/// <summary>
/// generator/README.md, "Adding things": the tests' plain backend is added to the compiler by what is said there alone, its folder and a
/// line, beside the processor's, and computes integrated gradients and RevealCancel. What else it computes <c>BackendSuite</c> says.
/// </summary>
[Trait("Long", "laws")]
public sealed class AddingABackend
{
    private const string Targets = "generator/Emit/ITarget.cs";

    private const string Networks = """
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift)]
        public sealed partial class Digits
        {
            [Conv2d(3, kernel: 3, Stride = 2)] private partial Tensor Conv(Tensor x);
            [Linear(5)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(1, 7, 7)] Tensor image) => Fc2(Relu(Fc1(Flatten(Relu(Conv(image))))));
        }

        public static class Answers
        {
            private static readonly Digits net = Digits.Load(Weights.Random(11));

            public static double[] Moved(float[] image) =>
            [
                net.Forward(Tensor.From(new Shape(1, 7, 7), Array.ConvertAll(image, value => (double)value))).Values[2]
                    - net.Forward(Tensor.From(new Shape(1, 7, 7), new double[49])).Values[2],
                net.DeepLift(image, Target.Unit(2), rule: Rule.RevealCancel).Scores.ToArray().Sum(score => (double)score),
                net.IntegratedGradients(image, Target.Unit(2), options: new() { Steps = 800 }).Scores.ToArray().Sum(score => (double)score),
            ];
        }
        """;

    [Fact]
    public void ABackendIsItsFolderAndALine()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Source.Root, "tests/Whence.Networks.Tests/Backends/Plain"), "*.cs")
            .ToDictionary(file => $"generator/Emit/Plain/{Path.GetFileName(file)}", File.ReadAllText);
        files[Targets] = Extended.Added(Targets, "All = [", "new Plain.PlainTarget(),");
        var answers = Extended.Answers(new Dictionary<string, string>(), files, Networks);
        var compiled = answers.Assembly.GetType("Digits")!
            .GetField("whenceCompiled", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.FieldType;
        Assert.Equal("Whence.Compiled.DigitsCompiledForPlain", compiled.FullName);
        Assert.NotNull(answers.Assembly.GetType("Whence.Compiled.DigitsCompiled"));
        var image = Enumerable.Range(0, 49).Select(i => MathF.Sin(i * 0.7f)).ToArray();
        var moved = (double[])answers.GetMethod("Moved")!.Invoke(null, [image])!;
        Assert.True(Math.Abs(moved[0]) > 0.01);
        Assert.Equal(moved[0], moved[1], 1e-5);
        Assert.Equal(moved[0], moved[2], 1e-3);
    }
}
