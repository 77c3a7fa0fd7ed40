using System.Buffers.Binary;

namespace Whence.Data;

/// <summary>
/// The items of an IDX file, as MNIST is published: two zeros, a type, the number of axes, their sizes in big-endian order, and the
/// numbers. Format: yann.lecun.com/exdb/mnist.
/// </summary>
internal sealed class IdxRows : RowSource
{
    private readonly string path;
    private readonly float divisor;
    private readonly int header;
    private readonly byte type;
    private readonly byte[] item;
    private readonly long count;
    private Stream? stream;
    private long at = -1;

    public IdxRows(string path, Signature network, RowOptions options)
        : base(network.InputSize, ScoreLayout.Of(network))
    {
        (this.path, divisor) = (path, options.Divisor);
        if (!(divisor > 0) || !float.IsFinite(divisor))
            throw new ArgumentException($"Numbers are divided by a finite number above 0, not by {divisor}.", nameof(options));
        using var file = RecordMarks.OpenAt(path, 0);
        var (kind, axes) = Header(file, Path.GetFileName(path));
        type = kind;
        header = 4 + 4 * axes.Length;
        count = axes[0];
        var size = axes.Skip(1).Aggregate(1L, (product, axis) => product * axis);
        if (size != network.InputSize)
            throw new InvalidDataException($"{Path.GetFileName(path)} holds items of {size} numbers, but {network.Name} takes "
                + $"{network.InputSize}.");
        item = new byte[size * SizeOf(type)];
        RequireLength(file);
    }

    public override bool HasIds => false;

    public override long Count => count;

    // A compressed file says its length only at its end: a short one is told when it is read.
    private void RequireLength(Stream file)
    {
        if (file is FileStream plain && plain.Length != header + count * item.Length)
            throw new InvalidDataException($"{Path.GetFileName(path)} has {plain.Length} bytes, but its header says "
                + $"{header + count * item.Length}.");
    }

    private static (byte Type, int[] Axes) Header(Stream file, string name)
    {
        Span<byte> start = stackalloc byte[4];
        if (file.ReadAtLeast(start, 4, false) < 4 || start[0] != 0 || start[1] != 0 || SizeOf(start[2]) == 0 || start[3] == 0)
            throw new InvalidDataException($"{name} is no IDX file: it does not begin with two zeros, a type and a number of axes.");
        var sizes = new byte[4 * start[3]];
        if (file.ReadAtLeast(sizes, sizes.Length, false) < sizes.Length)
            throw new InvalidDataException($"{name} ends within the sizes of its {start[3]} axes.");
        var axes = new int[start[3]];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = BinaryPrimitives.ReadInt32BigEndian(sizes.AsSpan(4 * axis));
            if (axes[axis] < 0)
                throw new InvalidDataException($"{name} has an axis of {axes[axis]}.");
        }
        return (start[2], axes);
    }

    private static int SizeOf(byte type) => type switch { 8 or 9 => 1, 0xB => 2, 0xC or 0xD => 4, 0xE => 8, _ => 0 };

    private protected override void Fill(RowBatch batch, long first, int rows)
    {
        if (stream is null || at != first)
        {
            stream?.Dispose();
            stream = RecordMarks.OpenAt(path, header + first * item.Length);
            at = first;
        }
        for (var i = 0; i < rows; i++, at++)
        {
            if (stream.ReadAtLeast(item, item.Length, false) < item.Length)
                throw new InvalidDataException($"{Path.GetFileName(path)} ends within item {at} of {Count}.");
            if (Write(batch.Next()) is >= 0 and var wrong)
                batch.Refuse(at, null, $"the number at place {wrong} is not finite");
            else
                batch.Accept(at, null);
        }
    }

    private int Write(Span<float> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = Number(i) / divisor;
            if (!float.IsFinite(row[i]))
                return i;
        }
        return -1;
    }

    private float Number(int i) => type switch
    {
        8 => item[i],
        9 => (sbyte)item[i],
        0xB => BinaryPrimitives.ReadInt16BigEndian(item.AsSpan(2 * i)),
        0xC => BinaryPrimitives.ReadInt32BigEndian(item.AsSpan(4 * i)),
        0xD => BinaryPrimitives.ReadSingleBigEndian(item.AsSpan(4 * i)),
        _ => (float)BinaryPrimitives.ReadDoubleBigEndian(item.AsSpan(8 * i)),
    };

    public override void Dispose()
    {
        stream?.Dispose();
        base.Dispose();
    }
}
