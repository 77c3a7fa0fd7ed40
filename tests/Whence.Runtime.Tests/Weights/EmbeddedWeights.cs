using System.Reflection;

namespace Whence.Runtime.Tests.WeightFiles;

/// <summary>Weights in the program itself, or in a stream.</summary>
public sealed class EmbeddedWeights
{
    private const string Resource = "embedded.safetensors";

    private static readonly Assembly assembly = typeof(EmbeddedWeights).Assembly;

    private static byte[] File
    {
        get
        {
            using var stream = assembly.GetManifestResourceStream(Resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    [Fact]
    public void AResourceIsReadLikeTheFileThatItIs()
    {
        using var embedded = Weights.Embedded(assembly, Resource);
        using var file = Weights.Read(File);
        Assert.Equal(file.Unused(), embedded.Unused());
        Assert.Equal(file.Values("fc1.weight", new Shape(64, 30)), embedded.Values("fc1.weight", new Shape(64, 30)));
    }

    [Fact]
    public void AnUnknownResourceIsAnErrorThatNamesThoseThatThereAre()
    {
        var thrown = Assert.Throws<ArgumentException>("name", () => Weights.Embedded(assembly, "other.safetensors"));
        Assert.Contains("has no resource 'other.safetensors'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("embedded.safetensors", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStreamIsReadFromWhereItStands()
    {
        var stream = new MemoryStream([1, 2, 3, .. File]) { Position = 3 };
        Assert.Equal(Weights.Read(File).Values("fc1.bias", new Shape(64)), Weights.Read(stream).Values("fc1.bias", new Shape(64)));
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public unsafe void BytesThatAreCutOffAreADamagedFile()
    {
        var bytes = GC.AllocateArray<byte>(File.Length, pinned: true);
        File.CopyTo(bytes.AsSpan());
        fixed (byte* start = bytes)
        {
            using var cut = new UnmanagedMemoryStream(start, bytes.Length - 1);
            Assert.Throws<WeightsException>(() => Weights.Read(cut));
            using var none = new UnmanagedMemoryStream(start, 0);
            Assert.Throws<WeightsException>(() => Weights.Read(none));
        }
        Assert.Throws<WeightsException>(() => Weights.Read(new MemoryStream()));
    }
}
