using System.IO.Compression;
using System.Reflection.Metadata;
using System.Runtime.InteropServices;

namespace Whence.Package.Tests;

/// <summary>What somebody meets who has the SDK and the package and nothing else.</summary>
[Collection(Package.Packing)]
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
    public void EmbeddedWeightsLieInTheProgramWhichRunsTheRuntimeThatIsReadyToRun()
    {
        var project = package.Project("""
            using var weights = Whence.Weights.Embedded(typeof(Program).Assembly, "digits.safetensors");
            Console.WriteLine(weights.Values("fc2.bias", new Whence.Shape(10)).Length + " biases");
            Console.WriteLine(typeof(Whence.Weights).Assembly.Location);
            """, """<WhenceWeights Include="digits.safetensors" Embed="true" Networks="none" />""");
        File.Copy(TrainedWeights, Path.Combine(project, "digits.safetensors"));
        Dotnet.Run(project, "build", "-o", "out");
        Assert.False(File.Exists(Path.Combine(project, "out", "digits.safetensors")));
        var printed = Dotnet.Run(project, "out/Fresh.dll");
        Assert.Contains("10 biases", printed);
        Assert.Contains(Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "lib"), printed);
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
    public void AForgottenAttributeIsTheOnlyError()
    {
        var project = package.Project(Explains.Replace("[Network(Explain = Methods.Gradient | Methods.DeepLift)]", ""));
        var (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Matches(@"Program\.cs\(\d+,\d+\): error WH120: DigitNet has layers, but is no network", output);
        Assert.DoesNotContain("error CS", output);
    }

    [Fact]
    public void ThePackageHasBothFrameworksTheCompilerSideAndTheTargets()
    {
        var entries = package.Entries();
        Assert.Contains("lib/net9.0/Whence.dll", entries);
        Assert.Contains("lib/net10.0/Whence.dll", entries);
        Assert.Contains("lib/net10.0/Whence.xml", entries);
        Assert.Contains($"runtimes/{RuntimeInformation.RuntimeIdentifier}/lib/net9.0/Whence.dll", entries);
        Assert.Contains($"runtimes/{RuntimeInformation.RuntimeIdentifier}/lib/net10.0/Whence.dll", entries);
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
    public void ThePackageHasAnIconAndItsSymbolsHaveTheSource()
    {
        Assert.Contains("icon.png", package.Entries());
        using var zip = ZipFile.OpenRead(Directory.GetFiles(package.Source, "Whence.*.snupkg").Single());
        using var pdb = new MemoryStream();
        using (var entry = zip.GetEntry("lib/net10.0/Whence.pdb")!.Open())
            entry.CopyTo(pdb);
        pdb.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        var reader = provider.GetMetadataReader();
        var embedded = new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
        var documents = reader.CustomDebugInformation
            .Select(reader.GetCustomDebugInformation)
            .Where(info => reader.GetGuid(info.Kind) == embedded)
            .Select(info => reader.GetString(reader.GetDocument((DocumentHandle)info.Parent).Name));
        Assert.Contains(documents, name => name.EndsWith("Attribution.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void AnOlderFrameworkIsOneSentence()
    {
        var project = package.Project("", "");
        var file = Path.Combine(project, "Fresh.csproj");
        File.WriteAllText(file, File.ReadAllText(file).Replace("net10.0", "net8.0")
            // The framework's own references are not in the only source.
            .Replace("<OutputType>Exe</OutputType>",
                "<OutputType>Exe</OutputType><DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>"));
        File.WriteAllText(Path.Combine(project, "Program.cs"), "public sealed class Reads { public Whence.Weights? Weights { get; } }");
        var (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Contains("error WH416: Whence needs .NET 9 or later, and this project is for net8.0", output);
        Assert.DoesNotContain("error CS", output);
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
        Assert.Matches(@"digits\.safetensors\(1,1\): error WH405: digits\.safetensors cannot be read: .* but the file has only 2320: the "
            + @"file is truncated", output);
        Assert.DoesNotContain("error MSB", output);

        File.WriteAllBytes(Path.Combine(project, "digits.safetensors"), whole);
        Dotnet.Run(project, "build");
    }

    /// <summary>What loading refuses for its header, though bytes and lengths fit.</summary>
    [Fact]
    public void WhatLoadingRefusesTheBuildRefuses()
    {
        var project = package.Project(Explains, """<WhenceWeights Include="digits.safetensors" />""");
        var file = Path.Combine(project, "digits.safetensors");
        var whole = File.ReadAllBytes(TrainedWeights);
        var length = BitConverter.ToInt32(whole);
        var header = System.Text.Encoding.UTF8.GetString(whole, 8, length);

        File.WriteAllBytes(file, WithHeader(header.Replace("F32", "I32")));
        var (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Matches(@"Program\.cs\(\d+,\d+\): error WH408: .* has it as I32", output);

        // Also where no analyzer runs.
        (code, output) = Dotnet.TryRun(project, "build", "-p:RunAnalyzers=false");
        Assert.Equal(1, code);
        Assert.Matches(@"Program\.cs\(\d+,\d+\): error WH408: .* has it as I32", output);

        File.WriteAllText(file, "version https://git-lfs.github.com/spec/v1\n");
        (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Contains("error WH405: The weights digits.safetensors cannot be read: it is what Git LFS keeps", output);

        // An older file over a newer one, and of the same length.
        File.WriteAllBytes(file, WithHeader("\ufeff" + header));
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (code, output) = Dotnet.TryRun(project, "build");
        Assert.Equal(1, code);
        Assert.Contains("error WH405: digits.safetensors cannot be read: The header of a safetensors file begins with '{'", output);

        byte[] WithHeader(string text)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            return [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. whole[(8 + length)..]];
        }
    }

    [Fact]
    public void AnOlderFileOverANewerOneIsCopiedBesideTheProgram()
    {
        var project = package.Project(PrintsBias, """<WhenceWeights Include="digits.safetensors" />""");
        var file = Path.Combine(project, "digits.safetensors");
        File.Copy(TrainedWeights, file);
        Dotnet.Run(project, "build", "-o", "out");
        var older = File.ReadAllBytes(file);
        older[^1] ^= 1;
        File.WriteAllBytes(file, older);
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Dotnet.Run(project, "build", "-o", "out");
        Assert.Equal(older, File.ReadAllBytes(Path.Combine(project, "out", "digits.safetensors")));
    }

    /// <summary>
    /// Only the header is the compiler's business: other values of the same size and header are copied, and refused by the program that
    /// loads them.
    /// </summary>
    [Fact]
    public void ValuesAreCheckedWhereTheyAreLoaded()
    {
        var project = package.Project(Explains, """<WhenceWeights Include="digits.safetensors" />""");
        var file = Path.Combine(project, "digits.safetensors");
        File.Copy(TrainedWeights, file);
        Dotnet.Run(project, "build", "-o", "out");
        var wrong = File.ReadAllBytes(file);
        BitConverter.TryWriteBytes(wrong.AsSpan(^4..), float.NaN);
        File.WriteAllBytes(file, wrong);
        Dotnet.Run(project, "build", "-o", "out");
        var (code, output) = Dotnet.TryRun(project, "out/Fresh.dll");
        Assert.NotEqual(0, code);
        Assert.Contains("NaN at element", output);
    }

    [Fact]
    public void AFileIsCheckedAgainstTheNetworksItIsListedForAndNoOther()
    {
        const string Second = """

            [Network]
            public sealed partial class Second
            {
                [Linear(3)] private partial Tensor Fc(Tensor x);

                public Tensor Forward([Shape(4)] Tensor x) => Fc(x);
            }
            """;
        var project = package.Project(Explains + Second, """<WhenceWeights Include="digits.safetensors" Networks="DigitNet;DigitNet" />""");
        File.Copy(TrainedWeights, Path.Combine(project, "digits.safetensors"));
        Dotnet.Run(project, "build", "-o", "out");
        Assert.Contains("784 scores; compiled is eager: True", Dotnet.Run(project, "out/Fresh.dll"));
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
