using System.Buffers.Binary;
using System.IO.Compression;

namespace Digits;

/// <summary>
/// An IDX file of unsigned bytes, as MNIST is published: images [count, height, width] or labels [count]. May be gzip-compressed.
/// </summary>
internal sealed class IdxFile
{
    private const int Most = 1 << 28;

    private readonly byte[] data;

    private IdxFile(int[] axes, byte[] data) => (Axes, this.data) = (axes, data);

    /// <summary>Axis sizes; the first is the number of items.</summary>
    public IReadOnlyList<int> Axes { get; }

    /// <summary>How many items.</summary>
    public int Count => Axes[0];

    /// <summary>The bytes of one image, or the one byte of a label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if (index < 0 || index >= Count)
                throw new ArgumentOutOfRangeException(nameof(index), index,
                    $"The file has items 0 to {Count - 1}, but item {index} was asked for.");
            var size = data.Length / Count;
            return data.AsSpan(index * size, size);
        }
    }

    /// <summary>Whether the bytes start as an IDX file of unsigned bytes, or as a gzip file.</summary>
    public static bool Starts(ReadOnlySpan<byte> file) => IsGzip(file) || file.Length >= 4 && file[..3].SequenceEqual<byte>([0, 0, 8]);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no IDX file of unsigned bytes, or its length is not what its header says.</exception>
    public static IdxFile Open(string path) => Read(File.ReadAllBytes(path));

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">They are no IDX file of unsigned bytes, or their number is not what the header
    /// says.</exception>
    public static IdxFile Read(byte[] file)
    {
        var plain = IsGzip(file) ? Unpack(file) : file;
        if (!Starts(plain) || IsGzip(plain))
            throw new InvalidDataException("This is no IDX file of unsigned bytes: it does not start with 0, 0, 8.");
        var rank = plain[3];
        var start = 4 + 4 * rank;
        if (rank == 0 || plain.Length < start)
            throw new InvalidDataException($"The IDX file has {plain.Length} bytes, too few for the sizes of {rank} axes.");
        var axes = new int[rank];
        var size = 1L;
        for (var axis = 0; axis < rank; axis++)
        {
            axes[axis] = BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(4 + 4 * axis));
            if (axes[axis] < 1 || axes[axis] > Most)
                throw new InvalidDataException($"Axis {axis} of the IDX file has size {(uint)axes[axis]}; 1 to {Most} are read.");
            size = Math.Min(size * axes[axis], int.MaxValue);
        }
        if (size != plain.Length - start)
            throw new InvalidDataException(
                $"The IDX file's axes [{string.Join(", ", axes)}] take {size} bytes, but {plain.Length - start} follow the header.");
        return new IdxFile(axes, plain[start..]);
    }

    private static bool IsGzip(ReadOnlySpan<byte> file) => file.Length >= 2 && file[0] == 0x1F && file[1] == 0x8B;

    private static byte[] Unpack(byte[] file)
    {
        using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        var plain = new MemoryStream();
        var part = new byte[1 << 16];
        for (int read; (read = gzip.Read(part)) > 0;)
        {
            plain.Write(part, 0, read);
            if (plain.Length > Most)
                throw new InvalidDataException($"The IDX file unpacks to more than {Most} bytes.");
        }
        return plain.ToArray();
    }
}
