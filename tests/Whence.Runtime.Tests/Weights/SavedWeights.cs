namespace Whence.Runtime.Tests.WeightFiles;

public class SavedWeights
{
    private static readonly Dictionary<string, Tensor> tensors = new()
    {
        ["fc1.weight"] = new(new Shape(2, 3), [1.5, -2, 0.1, 1e-40, 1e-300, 3]),
        ["fc1.bias"] = new(new Shape(2), [0, -0.25]),
        ["scale ä😀"] = new(new Shape(), [7.0]),
    };

    [Theory]
    [InlineData(WeightType.F32)]
    [InlineData(WeightType.F64)]
    [InlineData(WeightType.F16)]
    [InlineData(WeightType.BF16)]
    public void WhatIsSavedIsRead(WeightType type)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "w.safetensors");
        Weights.Save(path, tensors, type, new Dictionary<string, string> { ["format"] = "pt" });
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        using var weights = Weights.Open(path);
        foreach (var (name, tensor) in tensors)
            Assert.Equal(tensor.Values.ToArray().Select(value => Rounded(value, type)), weights.Values(name, tensor.Shape));
        weights.RequireAllUsed();
    }

    [Fact]
    public void TheSameTensorsGiveTheSameBytes()
    {
        Assert.Equal(Saved(tensors), Saved(tensors.Reverse()));
        // The format itself, spelled out.
        const string Header = """{"__metadata__":{"a":"1","b":"2"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var bytes = Saved([new("x", new(new Shape(2), [1.0, 2]))], new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });
        Assert.Equal(SafetensorsWriter.File(Header.PadRight((Header.Length + 7) / 8 * 8), [0, 0, 128, 63, 0, 0, 0, 64]), bytes);
    }

    [Fact]
    public void BrainFloatsAreRoundedOnceToNearestTiesToEven()
    {
        // Just above a tie that a single already rounds to; ties to both sides; the largest.
        double[] values = [1 + Math.Pow(2, -8) + Math.Pow(2, -40), 1 + Math.Pow(2, -8), 1 + 3 * Math.Pow(2, -8),
            -1 - Math.Pow(2, -8) - Math.Pow(2, -40), 1 + Math.Pow(2, -8) - Math.Pow(2, -40)];
        using var stream = new MemoryStream();
        Weights.Save(stream, [new("w", new(new Shape(values.Length), values))], WeightType.BF16);
        Assert.Equal([1 + Math.Pow(2, -7), 1, 1 + Math.Pow(2, -6), -1 - Math.Pow(2, -7), 1],
            Weights.Read(stream.ToArray()).Values("w", new Shape(values.Length)));
    }

    [Theory]
    [InlineData(double.NaN, WeightType.F64)]
    [InlineData(double.NegativeInfinity, WeightType.F32)]
    [InlineData(1e39, WeightType.F64)]
    [InlineData(70_000, WeightType.F16)]
    [InlineData(3.4e38, WeightType.BF16)]
    public void WhatLoadingWouldRefuseIsNotSaved(double bad, WeightType type)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("w.safetensors", [1, 2, 3]);
        Assert.Contains("'w' has",
            Assert.Throws<ArgumentException>(() => Weights.Save(path, [new("w", new(new Shape(2), [1, bad]))], type)).Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("__metadata__")]
    public void ANameThatNoFileCanHaveIsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => Saved([new(name, new(new Shape(1), [1.0]))]));

    // Not in attributes, where a compiler mends it.
    [Fact]
    public void HalfASurrogatePairIsRefused()
    {
        foreach (var name in new[] { "a\ud800", "\udc00", "\ud800\ud800" })
            ANameThatNoFileCanHaveIsRefused(name);
    }

    [Fact]
    public void ANameTwiceIsRefused() =>
        Assert.Contains("two tensors of the name 'a'", Assert.Throws<ArgumentException>(
            () => Saved([new("a", new double[] { 1 }), new("b", new double[] { 1 }), new("a", new double[] { 2 })])).Message);

    [Fact]
    public void MetadataThatIsNullIsRefused() =>
        Assert.Contains("The metadata 'author' is null", Assert.Throws<ArgumentException>(
            () => Saved([new("a", new double[] { 1 })], new() { ["author"] = null! })).Message);

    [Fact]
    public void AHeaderThatCouldNotBeLoadedIsNotSaved() =>
        Assert.Contains("at most 16777216",
            Assert.Throws<ArgumentException>(() => Saved([new(new string('x', 17_000_000), new double[] { 1 })])).Message);

    [Fact]
    public void AFolderThatIsNotThereIsAnIOException() =>
        Assert.ThrowsAny<IOException>(() => Weights.Save(Path.Combine(Path.GetTempPath(), "no", "such", "w.safetensors"), tensors));

    [Fact]
    public void NoTensorsAreAFileToo() => Assert.Empty(Weights.Read(Saved([])).Unused());

    private static byte[] Saved(IEnumerable<KeyValuePair<string, Tensor>> given, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        Weights.Save(stream, given, WeightType.F32, metadata);
        return stream.ToArray();
    }

    private static double Rounded(double value, WeightType type) => type switch
    {
        WeightType.F64 => value,
        WeightType.F32 => (float)value,
        WeightType.F16 => (double)(Half)value,
        // Of these values one is between two of the type.
        _ => value == 0.1 ? 0.10009765625 : value == 1e-40 ? Math.Pow(2, -133) : (float)value,
    };
}
