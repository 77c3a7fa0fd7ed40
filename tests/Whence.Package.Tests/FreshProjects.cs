namespace Whence.Package.Tests;

/// <summary>What somebody meets who has the SDK and the package and nothing else.</summary>
public class FreshProjects(Package package) : IClassFixture<Package>
{
    private const string PrintsBias = """
        using var weights = Whence.Weights.Open("digits.safetensors");
        Console.WriteLine(weights.Values("fc2.bias", new Whence.Shape(10)).Length + " biases");
        """;

    private const string Explains = """
        using Whence;
        using static Whence.Nn;

        var net = DigitNet.Load("digits.safetensors");
        var image = new float[784];
        for (var i = 0; i < image.Length; i++)
            image[i] = i % 7 / 7f;
        var why = net.DeepLift(image, Target.Unit(7)).RequireGap(1e-4);
        var eager = net.Forward(Tensor.From(new Shape(1, 28, 28), image)).Values[7];
        Console.WriteLine($"{why.Scores.Length} scores; compiled is eager: {Math.Abs(why.Output - eager) < 1e-4 * Math.Abs(eager)}");

        [Network(Explain = Methods.Gradient | Methods.DeepLift)]
        public sealed partial class DigitNet
        {
            [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
            [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
            [Linear(128)] private partial Tensor Fc1(Tensor x);
            [Linear(10)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
                Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
        }
        """;

    [Fact]
    public void ANetworkIsCompiledLoadedAndExplained()
    {
        var project = package.Project(Explains, """<WhenceWeights Include="digits.safetensors" />""");
        File.Copy(TrainedWeights, Path.Combine(project, "digits.safetensors"));
        Dotnet.Run(project, "build", "-o", "out");
        Assert.Contains("784 scores; compiled is eager: True", Dotnet.Run(project, "out/Fresh.dll"));
    }

    [Fact]
    public void ALayerWithoutItsTensorIsAnErrorOfTheBuildWithTheNearestName()
    {
        var project = package.Project(Explains.Replace("Fc1", "Fc7"), """<WhenceWeights Include="digits.safetensors" />""");
        File.Copy(TrainedWeights, Path.Combine(project, "digits.safetensors"));
        var (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Matches(@"Program\.cs\(\d+,\d+\): error WH401: .*'fc7\.weight'.*'fc1\.weight'", output);
    }

    [Fact]
    public void ThePackageHasBothFrameworksTheCompilerSideAndTheTargets()
    {
        var entries = package.Entries();
        Assert.Contains("lib/net9.0/Whence.dll", entries);
        Assert.Contains("lib/net10.0/Whence.dll", entries);
        Assert.Contains("lib/net10.0/Whence.xml", entries);
        Assert.Contains("analyzers/dotnet/cs/Whence.Generator.dll", entries);
        Assert.Contains("analyzers/dotnet/cs/Whence.CodeFixes.dll", entries);
        Assert.Contains("build/Whence.targets", entries);
        Assert.Contains("buildTransitive/Whence.targets", entries);
        Assert.Contains("LICENSE", entries);
        Assert.Equal(File.Exists(Path.Combine(Package.Repository, "README.md")), entries.Contains("README.md"));
        Assert.Single(Directory.GetFiles(package.Source, "Whence.*.snupkg"));
        Assert.DoesNotContain(entries, entry => entry.Contains("CodeAnalysis"));
    }

    [Fact]
    public void WeightsGoBesideTheProgramAndAreFoundFromAnyDirectory()
    {
        var project = package.Project(PrintsBias, """<WhenceWeights Include="digits.safetensors" />""");
        File.Copy(TrainedWeights, Path.Combine(project, "digits.safetensors"));
        Dotnet.Run(project, "build", "-o", "out");
        Assert.Contains("10 biases", Dotnet.Run(Path.GetTempPath(), Path.Combine(project, "out", "Fresh.dll")));
    }

    [Fact]
    public void DamagedWeightsAreAnErrorOfTheBuild()
    {
        var project = package.Project(PrintsBias, """<WhenceWeights Include="digits.safetensors" />""");
        var whole = File.ReadAllBytes(TrainedWeights);
        File.WriteAllBytes(Path.Combine(project, "digits.safetensors"), whole[..3000]);
        var (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Contains("error WH405: The weights digits.safetensors cannot be read: its tensors need 958376 bytes of data, but it has 2320.", output);
        Assert.DoesNotContain("error MSB", output);

        File.WriteAllBytes(Path.Combine(project, "digits.safetensors"), whole);
        Dotnet.Run(project, "build");
    }

    [Fact]
    public void WeightsThatAreNotThereAreAnErrorOfTheBuild()
    {
        var project = package.Project(PrintsBias, """<WhenceWeights Include="nowhere.safetensors" />""");
        var (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Contains("error WH406: The weights nowhere.safetensors cannot be read", output);
    }

    [Fact]
    public void TwoWeightsOfOneNameAreAnErrorOfTheBuild()
    {
        var project = package.Project(PrintsBias, """<WhenceWeights Include="digits.safetensors;other/digits.safetensors" />""");
        var (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Contains("error WH407: <WhenceWeights> lists two files of one name", output);
    }

    private static string TrainedWeights => Path.Combine(Package.Repository, "tests", "golden", "weights", "mnist_cnn.safetensors");
}
