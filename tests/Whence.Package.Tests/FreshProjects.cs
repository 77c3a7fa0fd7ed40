namespace Whence.Package.Tests;

/// <summary>What somebody meets who has the SDK and the package and nothing else.</summary>
public class FreshProjects(Package package) : IClassFixture<Package>
{
    private const string PrintsBias = """
        using var weights = Whence.Weights.Open("digits.safetensors");
        Console.WriteLine(weights.Values("fc2.bias", new Whence.Shape(10)).Length + " biases");
        """;

    [Fact]
    public void ThePackageHasBothFrameworksTheCompilerSideAndTheTargets()
    {
        var entries = package.Entries();
        Assert.Contains("lib/net9.0/Whence.dll", entries);
        Assert.Contains("lib/net10.0/Whence.dll", entries);
        Assert.Contains("lib/net10.0/Whence.xml", entries);
        Assert.Contains("analyzers/dotnet/cs/Whence.Generator.dll", entries);
        Assert.Contains("build/Whence.targets", entries);
        Assert.Contains("buildTransitive/Whence.targets", entries);
        Assert.Contains("LICENSE", entries);
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

    private static string TrainedWeights => Path.Combine(Package.Repository, "tests", "golden", "weights", "mnist_cnn.safetensors");
}
