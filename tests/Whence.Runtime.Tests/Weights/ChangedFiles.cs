namespace Whence.Runtime.Tests.WeightFiles;

/// <summary>
/// A file that changes under a program which has it open: an exception or the old weights, and never the end of the process.
/// </summary>
public class ChangedFiles
{
    private const int Size = 4_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    [InlineData(1_000_000)]
    [InlineData(4 * Size)]
    public void AFileThatWasShortenedIsAnException(int length)
    {
        using var folder = new TemporaryFolder();
        var path = Big(folder, "w.safetensors", 1);
        using var weights = Weights.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(length);
        Assert.Contains("was changed since it was opened",
            Assert.Throws<WeightsException>(() => weights.Values("w", new Shape(Size))).Message);
        Assert.Throws<WeightsException>(() => weights.Values("tail", new Shape(1)));
    }

    [Fact]
    public async Task AFileThatIsShortenedWhileItIsReadGivesAllWeightsOrAnException()
    {
        using var folder = new TemporaryFolder();
        var (whole, refused) = (0, 0);
        for (var round = 0; round < 12; round++)
        {
            var path = Big(folder, $"{round}.safetensors", 1);
            using var weights = Weights.Open(path);
            var delay = round * 20_000;
            var shortening = Task.Run(() =>
            {
                Thread.SpinWait(delay);
                using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.SetLength(400);
            });
            try
            {
                Assert.Equal(-1, Array.FindIndex(weights.Values("w", new Shape(Size)), value => value != 1));
                whole++;
            }
            catch (WeightsException)
            {
                refused++;
            }
            await shortening;
            File.Delete(path);
        }
        Assert.Equal(12, whole + refused);
        Assert.True(refused > 0);
    }

    [Fact]
    public void AFileThatIsWrittenToIsAnException()
    {
        using var folder = new TemporaryFolder();
        var path = Big(folder, "w.safetensors", 1);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        using var weights = Weights.Open(path);
        File.WriteAllBytes(Path.Combine(folder.Path, "other"), Bytes(2));
        using (var from = File.OpenRead(Path.Combine(folder.Path, "other")))
        using (var to = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            from.CopyTo(to);
        Assert.Contains("it was written to", Assert.Throws<WeightsException>(() => weights.Values("w", new Shape(Size))).Message);
    }

    [Fact]
    public void AFileThatIsReplacedOrDeletedIsReadAsItWas()
    {
        using var folder = new TemporaryFolder();
        var path = Big(folder, "w.safetensors", 1);
        using var first = Weights.Open(path);
        Weights.Save(path, new Dictionary<string, Tensor> { ["w"] = new(new Shape(1), [2.0]) });
        Assert.Equal(1, first.Values("w", new Shape(Size))[Size - 1]);
        using var second = Weights.Open(path);
        File.Delete(path);
        Assert.Equal([2.0], second.Values("w", new Shape(1)));
        Assert.Equal([7.0], first.Values("tail", new Shape(1)));
    }

    [Fact]
    public void NothingOfAFileIsEverMapped()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var folder = new TemporaryFolder();
        var path = Big(folder, "w.safetensors", 1);
        using var weights = Weights.Open(path);
        weights.Values("w", new Shape(Size));
        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"));
    }

    [Theory]
    [InlineData("F64", 8)]
    [InlineData("F32", 4)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    public void ATensorOfManyPiecesIsReadInOrder(string dtype, int size)
    {
        // Halves of whole numbers up to 255 are the same in every type.
        const int Count = 3_000_001;
        var bytes = new byte[Count * size];
        for (var i = 0; i < Count; i++)
        {
            var value = i % 251 / 2f;
            var to = bytes.AsSpan(i * size);
            _ = dtype switch
            {
                "F64" => BitConverter.TryWriteBytes(to, (double)value),
                "F32" => BitConverter.TryWriteBytes(to, value),
                "F16" => BitConverter.TryWriteBytes(to, (Half)value),
                _ => BitConverter.TryWriteBytes(to, (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
            };
        }
        using var folder = new TemporaryFolder();
        using var weights = Weights.Open(folder.Write("w.safetensors", new SafetensorsWriter().Add("w", dtype, [Count], bytes).ToBytes()));
        var values = weights.Values("w", new Shape(Count));
        Assert.Equal(-1, Array.FindIndex(values, value => !double.IsFinite(value)));
        for (var i = 0; i < Count; i++)
            Assert.True(values[i] == i % 251 / 2.0, $"element {i} is {values[i]}");
    }

    [Fact]
    public void TheFirstValueOfManyPiecesThatIsNotFiniteIsNamed()
    {
        var values = new float[Size];
        values[3_900_000] = float.NaN;
        values[2_500_000] = float.PositiveInfinity;
        using var folder = new TemporaryFolder();
        using var weights = Weights.Open(folder.Write("w.safetensors", new SafetensorsWriter().Add("w", [Size], values).ToBytes()));
        Assert.Contains("at element 2500000 ", Assert.Throws<WeightsException>(() => weights.Values("w", new Shape(Size))).Message);
    }

    private static string Big(TemporaryFolder folder, string name, float value) => folder.Write(name, Bytes(value));

    private static byte[] Bytes(float value)
    {
        var values = new float[Size];
        Array.Fill(values, value);
        var bytes = new byte[4 * Size];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return new SafetensorsWriter().Add("w", "F32", [Size], bytes).Add("tail", [1], 7).ToBytes();
    }
}
