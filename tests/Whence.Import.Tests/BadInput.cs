using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>A file that is wrong, or not what it seems, is told so in sentences, and nothing is written.</summary>
public sealed class BadInput : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-import");

    public void Dispose() => folder.Delete(recursive: true);

    private static ModelBuilder Small() => new ModelBuilder().Input("x", 1, 3).Tensor("fc.weight", [2, 3]).Tensor("fc.bias", [2])
        .Node("Gemm", "x fc.weight fc.bias", "y", ("transB", 1)).Output("y");

    private static string Refusal(byte[] file) => Assert.Throws<ImportException>(() => Importer.Import(file, "model.onnx")).Message;

    private string Refusal(ModelBuilder model)
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "model.onnx"), model.Build());
        var message = Assert.Throws<ImportException>(() => Importer.Import(Path.Combine(folder.FullName, "model.onnx"))).Message;
        Assert.Single(folder.EnumerateFiles());
        return message;
    }

    [Fact]
    public void WhatIsNoModelIsSaid()
    {
        Assert.Contains("is empty", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("not an ONNX model", Refusal("PK\u0003\u0004 a zip file"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("no graph", Refusal([8, 8]), StringComparison.Ordinal);
        Assert.Contains("no file", Assert.Throws<ImportException>(() => Importer.Import(Path.Combine(folder.FullName, "no.onnx"))).Message,
            StringComparison.Ordinal);
        var whole = Small().Build();
        Assert.Contains("damaged", Refusal(whole[..^30]), StringComparison.Ordinal);
    }

    [Fact]
    public void VersionsThatAreNotReadAreSaid()
    {
        Assert.Contains("file format 99", Refusal(new ModelBuilder { Ir = 99 }.Input("x", 1, 3).Node("Relu", "x", "y").Output("y").Build()),
            StringComparison.Ordinal);
        Assert.Contains("version 3 of", Refusal(new ModelBuilder { Opset = 3 }.Input("x", 1, 3).Node("Relu", "x", "y").Output("y").Build()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void EverythingThatStandsInTheWayIsSaidAtOnce()
    {
        var model = new ModelBuilder().Input("x", 1, 3).Node("Floor", "x", "a").Node("Frobnicate", "a", "b").Node("Det", "x", "c")
            .Node("Add", "a c", "y")
            .Output("y");
        var findings = Assert.Throws<ImportException>(() => Importer.Import(model.Build(), "m")).Findings;
        Assert.Equal(["Floor", "Det"], findings.Select(finding => finding.Operator));
        Assert.All(findings, finding => Assert.NotEmpty(finding.Remedy));
    }

    [Fact]
    public void InputsWithoutSizesAreAskedFor()
    {
        var message = Refusal(new ModelBuilder().Input("x", 1, 3, 0, -1).Node("Relu", "x", "y").Output("y").Build());
        Assert.Contains("Give --shape x=1,3,<N>,<N> with a number for <N>.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACycleOrAMissingValueIsSaid()
    {
        var cycle = new ModelBuilder().Input("x", 1, 3).Node("Add", "x b", "a").Node("Relu", "a", "b").Output("b");
        Assert.Contains("cycles", Refusal(cycle.Build()), StringComparison.Ordinal);
        Assert.Contains("computes no 'z'", Refusal(new ModelBuilder().Input("x", 1, 3).Node("Relu", "x", "y").Output("z").Build()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ClaimsOfSizesAreNotBelieved()
    {
        Assert.Contains("more than can be held", Refusal(Small().Raw("big", 1, [1L << 40, 1L << 40], []).Build()),
            StringComparison.Ordinal);
        Assert.Contains("needs 4000000", Refusal(Small().Raw("big", 1, [1_000_000], [1, 2, 3]).Build()), StringComparison.Ordinal);
        var bomb = new ModelBuilder().Input("x", 1, 3).Wholes("shape", 100_000, 100_000).Node("ConstantOfShape", "shape", "c")
            .Node("Add", "x c", "y").Output("y");
        Assert.Contains("constants would be computed", Refusal(bomb.Build()), StringComparison.Ordinal);
    }

    /// <summary>Nodes whose tensors or settings do not fit each other, which would be declarations that do not compile.</summary>
    [Fact]
    public void NodesThatDoNotFitAreSaid()
    {
        var image = () => new ModelBuilder().Input("x", 1, 4, 8, 8).Tensor("w", [6, 2, 3, 3]).Tensor("v", [4, 2, 3, 3]).Tensor("c", [4]);
        var row = () => new ModelBuilder().Input("x", 1, 3).Tensor("w", [3, 5]).Tensor("c", [2]);
        var ids = () => new ModelBuilder().Tokens("ids", 1, 4).Tensor("t", [9, 3]).Tensor("p", [9, 3]).Wholes("from", 3).Wholes("to", -9)
            .Wholes("axis", 1).Wholes("step", -1).Node("Gather", "t ids", "e");
        (ModelBuilder Model, string Why)[] all =
        [
            (image().Node("Conv", "x w", "y", ("group", 2), ("pads", new[] { 1, 1, -1, 1 })),
                "it has [1, 1, -1, 1], and needs 4 numbers of at"),
            (image().Node("Conv", "x w", "y"), "its 4 channels in 1 groups and its weight [6, 2, 3, 3] do not fit"),
            (image().Node("Conv", "x w", "y", ("group", 0)), "it has 0 groups"),
            (image().Node("Conv", "x w", "y", ("group", 2), ("kernel_shape", new[] { 2, 2 })),
                "its window [2, 2] is not its weight's [3, 3]"),
            (image().Node("ConvTranspose", "x v", "y", ("pads", new[] { 5, 0, 5, 0 })), "it would give 0 positions"),
            (image().Node("BatchNormalization", "x c c c c", "y", ("epsilon", -0.5f)), "its epsilon is -0.5, and must be at least 0"),
            (row().Node("GlobalMaxPool", "x", "y"), "its input [1, 3] has no positions to pool"),
            (row().Node("Gemm", "x w c", "y"), "what it adds is [2], which does not fit [1, 5]"),
            (row().Node("Gemm", "x w", "y", ("transB", 1)), "its inputs [1, 3] and [3, 5] do not fit"),
            (row().Node("Gemm", "w w", "y", ("transB", 1)), "it is a constant: nothing of the input is left in it"),
            (ids().Node("Cast", "ids", "n", ("to", 1)).Node("ReduceSum", "n", "s", ("axes", new[] { 1 })).Node("Mul", "e s", "y"),
                "its tokens choose rows of a table, and are also read as numbers"),
            (ids().Node("Slice", "ids from to axis step", "i").Node("Gather", "p i", "f").Node("Add", "e f", "y"),
                "its places are computed of the input"),
        ];
        Assert.All(all, one => Assert.Contains(one.Why, Refusal(one.Model.Output("y").Build()), StringComparison.Ordinal));
    }

    [Fact]
    public void TensorsInOtherFilesStayInsideTheFolder()
    {
        ModelBuilder External(string location, string offset = "0") =>
            new ModelBuilder().Input("x", 1, 3).Output("y").Node("Gemm", "x w", "y", ("transB", 1))
                .Raw("w", 1, [2, 3], [], ("location", location), ("offset", offset));
        Assert.Contains("not inside", Refusal(External("../secret")), StringComparison.Ordinal);
        Assert.Contains("not inside", Refusal(External("/etc/passwd")), StringComparison.Ordinal);
        Assert.Contains("not beside", Refusal(External("missing.bin")), StringComparison.Ordinal);

        var weights = Path.Combine(folder.FullName, "weights.bin");
        File.WriteAllBytes(weights, new byte[32]);
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllBytes(path, External("weights.bin", "8").Build());
        Assert.Equal(6, Importer.Import(path).WeightCount);
        File.WriteAllBytes(path, External("weights.bin", "16").Build());
        Assert.Contains("not 24 more", Assert.Throws<ImportException>(() => Importer.Import(path)).Message, StringComparison.Ordinal);
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "link.bin"), weights);
        File.WriteAllBytes(path, External("link.bin").Build());
        Assert.Contains("is a link", Assert.Throws<ImportException>(() => Importer.Import(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatAreNotFiniteAreNotWritten()
    {
        var model = Importer.Import(
            new ModelBuilder().Input("x", 1, 2).Tensor("fc.weight", [1, 2], 1, float.NaN).Node("Gemm", "x fc.weight", "y", ("transB", 1))
                .Output("y").Build(), "model");
        Assert.Contains("fc.weight", Assert.Throws<ImportException>(() => model.Save(folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void NothingIsOverwrittenWithoutForce()
    {
        var model = Importer.Import(Small().Build(), "small.onnx");
        Assert.Equal(["Small.safetensors", "Small.cs"], model.Save(folder.FullName).Select(path => Path.GetFileName(path)));
        Assert.Contains("--force", Assert.Throws<ImportException>(() => model.Save(folder.FullName)).Message, StringComparison.Ordinal);
        model.Save(folder.FullName, force: true);
        Assert.Equal(2, folder.EnumerateFiles().Count());
    }

    [Theory]
    [InlineData("\"; System.IO.File.Delete(\"x\"); //")]
    [InlineData("w\n}\npublic static class Evil { }\n//")]
    [InlineData("</summary>\n[System.Obsolete]\n/// <summary>")]
    [InlineData("*/ class Evil {} /*")]
    [InlineData("\\u0022); Evil(")]
    [InlineData("class")]
    [InlineData("Predict")]
    [InlineData("Softmax")]
    public void NamesOfTheFileAreNeverCode(string name)
    {
        var file = new ModelBuilder { Producer = name }.Input(name + "x", 1, 3).Tensor(name + ".weight", [3, 3]).Tensor(name + ".bias", [3])
            .Node("Gemm", name, [name + "x", name + ".weight", name + ".bias"], name + "h", ("transB", 1))
            .Node("Softmax", name, [name + "h"], name + "y")
            .Output(name + "y").Build();
        var model = Importer.Import(file, name + ".onnx");
        using var compiled = CompiledModels.Compile([model]);
        Assert.Equal(3, compiled.Load(model).Signature.OutputSize);
        var root = Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText(model.Source).GetRoot();
        Assert.Equal([model.Name], root.DescendantNodes().OfType<TypeDeclarationSyntax>().Select(type => type.Identifier.ValueText));
        Assert.Equal(["Network", "Linear", "Shape"],
            root.DescendantNodes().OfType<AttributeSyntax>().Select(attribute => attribute.Name.ToString()));
        Assert.Equal(2, root.DescendantNodes().OfType<InvocationExpressionSyntax>().Count());
    }

    [Theory]
    [InlineData(2_000)]
    public void CutAndChangedFilesNeverCrash(int files) => Fuzz(files, seed: 1);

    [Fact]
    [Trait("Long", "import")]
    public void ManyCutAndChangedFilesNeverCrash() =>
        Fuzz(int.Parse(Environment.GetEnvironmentVariable("WHENCE_IMPORT_FUZZ") ?? "10000",
            System.Globalization.CultureInfo.InvariantCulture),
            seed: 2);

    private static void Fuzz(int files, int seed)
    {
        var random = new Random(seed);
        byte[][] seeds =
        [
            Small().Build(),
            new ModelBuilder().Input("x", 1, 2, 8, 8).Tensor("c.weight", [4, 2, 3, 3])
                .Node("Conv", "x c.weight", "a", ("pads", new[] { 1, 1, 1, 1 }))
                .Node("Relu", "a", "b")
                .Node("MaxPool", "b", "c", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))
                .Wholes("s", 0, -1)
                .Node("Reshape", "c s", "y").Output("y").Build(),
            new ModelBuilder().Tokens("ids", 1, 5).Tensor("t", [10, 4]).Node("Gather", "t ids", "e")
                .Node("ReduceMean", "e", "y", ("axes", new[] { 1 })).Output("y").Build(),
        ];
        for (var i = 0; i < files; i++)
        {
            var file = seeds[i % seeds.Length].ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                file = file[..random.Next(file.Length)];
            try
            {
                Importer.Import(file, "fuzzed").WriteWeights(Stream.Null);
            }
            catch (ImportException)
            {
                // It was said what is wrong.
            }
        }
    }
}
