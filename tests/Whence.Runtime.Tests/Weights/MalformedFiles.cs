using System.Text;

namespace Whence.Runtime.Tests.WeightFiles;

public class MalformedFiles
{
    private const string Right = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "it ends")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x""", "the end of the header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""", "expected '\"'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2,],"data_offsets":[0,8]}}""", "expected a number")]
    [InlineData("""{"a" {"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "expected ':'")]
    [InlineData("""{a:{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "expected '\"'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""",
        "'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""",
        "'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", "'dtype' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "'__metadata__' twice")]
    [InlineData("""{"__metadata__":{"a":"b","a":"c"}}""", "'a' twice")]
    [InlineData("""{"__metadata__":{"a":{"b":"c"}}}""", "expected '\"'")]
    [InlineData("""{"__metadata__":[]}""", "expected '{'")]
    [InlineData("""{"__metadata__":{"a":1}}""", "expected '\"'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1]}}""", "'a' has the key 'strides'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", "expected a number")]
    [InlineData("""{"a":{"dtype":{"x":"F32"},"shape":[2],"data_offsets":[0,8]}}""", "expected '\"'")]
    [InlineData("""{"a":[]}""", "expected '{'")]
    [InlineData("""{"a":null}""", "expected '{'")]
    [InlineData("""["a"]""", "begins with '{'")]
    [InlineData(""" {}""", "begins with '{'")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "'a' has no 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "'a' has no 'shape'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "'a' has no 'data_offsets'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", "'a' has 1 offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}""", "'a' has 3 offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "'a' has an axis of '-2'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", "'a' has an axis of '2.0'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}""", "'a' has an axis of '2e0'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}""", "'a' has an axis of '02'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}""", "'a' has an axis of '9223372036854775808'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "more elements than can be counted")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "more elements than can be counted")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "'a' has an offset of '-8'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "behind its end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "needs 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,8]}}""", "needs 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "'a' ends at byte 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "no hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "nothing behind the last")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "'b' begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "must not overlap")]
    [InlineData("""{}""", "nothing behind the last")]
    [InlineData("""{"a\q":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "unknown escape")]
    [InlineData("""{"\u00g0":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "four hexadecimal digits")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "half a surrogate pair")]
    [InlineData("{\"a\n\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "control character")]
    public void AWrongHeaderIsRefusedInOneSentenceThatSaysWhatIsWrong(string header, string says)
    {
        var thrown = Assert.Throws<WeightsException>(() => Weights.Read(SafetensorsWriter.File(header, new byte[8])));
        Assert.Contains(says, thrown.Message);
        Assert.DoesNotContain('\n', thrown.Message);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    [InlineData((1UL << 24) + 1)]
    [InlineData(0UL)]
    [InlineData(1UL)]
    public void AnImpossibleHeaderLengthIsRefused(ulong length)
    {
        var file = SafetensorsWriter.Length(length).Concat(new byte[64]).ToArray();
        Assert.Contains($"say {length}", Assert.Throws<WeightsException>(() => Weights.Read(file)).Message);
    }

    [Fact]
    public void AHeaderLongerThanTheFileIsNotAllocated()
    {
        var file = SafetensorsWriter.Length(16_000_000).Concat(new byte[64]).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var thrown = Assert.Throws<WeightsException>(() => Weights.Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Contains("truncated", thrown.Message);
    }

    [Fact]
    public void AFileCutAnywhereIsRefused()
    {
        var whole = new SafetensorsWriter().Add("a", [2], 1, 2).Add("b", [1, 3], 3, 4, 5).ToBytes();
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<WeightsException>(() => Weights.Read(whole.AsMemory(0, length)));
        Assert.Equal([1.0, 2], Weights.Read(whole).Values("a", new Shape(2)));
    }

    [Fact]
    public void AFileCutOnDiskIsRefused()
    {
        var whole = new SafetensorsWriter().Add("a", [2], 1, 2).ToBytes();
        using var folder = new TemporaryFolder();
        foreach (var length in new[] { 0, 7, 8, 20, whole.Length - 1 })
        {
            var path = folder.Write($"cut{length}.safetensors", whole[..length]);
            Assert.Contains(path, Assert.Throws<WeightsException>(() => Weights.Open(path)).Message);
        }
    }

    [Fact]
    public void BytesThatAreNotUtf8AreRefused()
    {
        var header = Encoding.UTF8.GetBytes($$$"""{"a":{{{Right}}}}""");
        foreach (var bad in new byte[] { 0xFF, 0xC0, 0xED })
        {
            header[2] = bad;
            Assert.Contains("UTF-8",
                Assert.Throws<WeightsException>(() => Weights.Read(SafetensorsWriter.File(header, new byte[8]))).Message);
        }
    }

    [Fact]
    public void DeepNestingIsRefusedAndNotFollowed()
    {
        var header = """{"a":{"dtype":"F32","shape":""" + new string('[', 1_000_000);
        Assert.Throws<WeightsException>(() => Weights.Read(SafetensorsWriter.File(header, [])));
        header = """{"__metadata__":""" + string.Concat(Enumerable.Repeat("""{"a":""", 200_000));
        Assert.Throws<WeightsException>(() => Weights.Read(SafetensorsWriter.File(header, [])));
    }

    [Fact]
    public void AMonstrousNameIsShortenedInTheMessage()
    {
        var name = new string('x', 1_000_000);
        var header = $$$"""{"{{{name}}}":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""";
        var thrown = Assert.Throws<WeightsException>(() => Weights.Read(SafetensorsWriter.File(header, new byte[8])));
        Assert.InRange(thrown.Message.Length, 100, 1000);
    }

    [Fact]
    public void AMillionAxesAreReadOrRefusedButNotFollowedBlindly()
    {
        var ones = string.Join(',', Enumerable.Repeat("1", 1_000_000));
        var header = $$$"""{"a":{"dtype":"F32","shape":[{{{ones}}}],"data_offsets":[0,4]}}""";
        using var weights = Weights.Read(SafetensorsWriter.File(header, new byte[4]));
        var thrown = Assert.Throws<WeightsException>(() => weights.Values("a", new Shape(4)));
        Assert.InRange(thrown.Message.Length, 10, 1000);
    }

    /// <summary>The largest headers that are believed: whatever they are full of, they cost a moment and some hundred megabytes.</summary>
    [Theory]
    [InlineData("empty tensors", 300_000)]
    [InlineData("metadata", 1_300_000)]
    [InlineData("axes", 8_000_000)]
    [InlineData("one name", 16_000_000)]
    [InlineData("escapes", 2_600_000)]
    [InlineData("spaces", 16_000_000)]
    public void ALargeHeaderCostsLittle(string of, int count)
    {
        var header = of switch
        {
            "empty tensors" => "{" + string.Join(',',
                Enumerable.Range(0, count).Select(i => $"\"{i:x}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + "}",
            "metadata" => "{\"__metadata__\":{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i:x}\":\"\"")) + "}}",
            "axes" =>
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0" + string.Concat(Enumerable.Repeat(",1", count - 1)) + "],\"data_offsets\":[0,0]}}",
            "one name" => "{\"" + new string('x', count) + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
            "escapes" =>
                "{\"" + string.Concat(Enumerable.Repeat("\\u0041", count)) + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
            _ => "{" + new string(' ', count) + "}",
        };
        var file = SafetensorsWriter.File(header, []);
        Assert.InRange(file.Length, 12_000_000, SafetensorsHeader.MaxLength + 8);
        var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), System.Diagnostics.Stopwatch.StartNew());
        using (var weights = Weights.Read(file))
            Assert.Throws<WeightsException>(() => weights.Values("fc1.weight", new Shape(3)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000_000);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void MutatedFilesGiveNothingButWeightsExceptions()
    {
        var whole = new SafetensorsWriter()
            .AddMetadata("""{"format":"pt"}""")
            .Add("fc1.weight", [3, 2], 1, 2, 3, 4, 5, 6)
            .Add("fc1.bias", "BF16", [3], new byte[6])
            .Add("bn1.num_batches_tracked", "I64", [], new byte[8])
            .Add("half", "F16", [2, 0, 2], [])
            .Add("wide", "F64", [1], new byte[8])
            .ToBytes();
        var chance = new Random(20260101);
        var (opened, refused) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var file = Mutated(whole, chance);
            try
            {
                using var weights = Weights.Read(file);
                opened++;
                foreach (var name in weights.Unused())
                    ReadOrRefuse(weights, name);
            }
            catch (WeightsException)
            {
                refused++;
            }
        }
        Assert.InRange(opened, 500, 19_500);
        Assert.InRange(refused, 500, 19_500);
    }

    [Fact]
    public void MutatedFilesOnDiskGiveNothingButWeightsExceptions()
    {
        var whole = new SafetensorsWriter().Add("fc1.weight", [3, 2], 1, 2, 3, 4, 5, 6).Add("fc1.bias", "BF16", [3], new byte[6]).ToBytes();
        var chance = new Random(7);
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 300; round++)
        {
            var path = folder.Write($"{round}.safetensors", Mutated(whole, chance));
            try
            {
                using var weights = Weights.Open(path);
                foreach (var name in weights.Unused())
                    ReadOrRefuse(weights, name);
            }
            catch (WeightsException)
            {
            }
        }
    }

    private static void ReadOrRefuse(Weights weights, string name)
    {
        try
        {
            foreach (var shape in new Shape[] { new(3, 2), new(3), new(1), new() })
                weights.Values(name, shape);
        }
        catch (WeightsException)
        {
        }
    }

    private static byte[] Mutated(byte[] whole, Random chance)
    {
        var file = whole.ToList();
        for (var times = chance.Next(1, 4); times > 0; times--)
        {
            var at = chance.Next(file.Count);
            switch (chance.Next(5))
            {
                case 0: file[at] = (byte)chance.Next(256); break;
                case 1: file[at] ^= (byte)(1 << chance.Next(8)); break;
                case 2: file.RemoveAt(at); break;
                case 3: file.Insert(at, (byte)"0123456789{}[],:\"\\-."[chance.Next(20)]); break;
                default: file.RemoveRange(at, file.Count - at); break;
            }
            if (file.Count == 0)
                break;
        }
        // Nothing behind the file is readable by mistake: the copy has exactly its length.
        return file.ToArray();
    }
}
