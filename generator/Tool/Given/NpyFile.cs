using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Whence.Import;

namespace Whence.Tool.Given;

/// <summary>
/// NumPy's arrays in files, NPY format 1.0 to 3.0: real and whole numbers, in either byte order and either order of axes.
/// </summary>
internal static partial class NpyFile
{
    /// <summary>An array of the input's axes, but for those of one element.</summary>
    /// <exception cref="InvalidDataException">The file is no such array, or of other axes.</exception>
    public static GivenInput Read(string path, ImportedValue input)
    {
        var (axes, numbers) = Parse(File.ReadAllBytes(path));
        if (!Inputs.Core(axes).SequenceEqual(Inputs.Core(input.Axes)))
            throw new InvalidDataException($"its axes are {Shell.Axes(axes)}");
        return new(Path.GetFileName(path)) { Numbers = numbers };
    }

    /// <summary>Axes and values, the last axis running fastest.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such array.</exception>
    public static (int[] Axes, float[] Numbers) Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || file[0] != 0x93 || !file[1..].StartsWith("NUMPY"u8))
            throw new InvalidDataException("it is no .npy file");
        var wide = file[6] > 1;
        var length = wide ? BinaryPrimitives.ReadInt32LittleEndian(file[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[8..]);
        var start = wide ? 12 : 10;
        if (length < 0 || length > file.Length - start)
            throw new InvalidDataException("it ends in its header");
        var header = Encoding.UTF8.GetString(file.Slice(start, length));
        var (type, order, shape) = (TypeOf().Match(header), OrderOf().Match(header), ShapeOf().Match(header));
        if (!type.Success || !order.Success || !shape.Success)
            throw new InvalidDataException("its header does not say what it holds");
        int[] axes = [.. shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(axis => int.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size
                : throw new InvalidDataException($"an axis is {axis}"))];
        var numbers = Numbers(file[(start + length)..], type.Groups[1].Value, Inputs.Count(axes));
        return (axes, order.Groups[1].Value == "True" ? Turned(numbers, axes) : numbers);
    }

    private static float[] Numbers(ReadOnlySpan<byte> data, string type, int count)
    {
        var (isBig, kind) = (type[0] == '>', type[1..]);
        var width = kind switch { "b1" => 1, ['f' or 'i' or 'u', >= '1' and <= '8' and var digit] => digit - '0', _ => 0 };
        if (width == 0 || data.Length < (long)count * width)
            throw new InvalidDataException(width == 0 ? $"it holds '{type}', not numbers" : "it ends before its last number");
        var numbers = new float[count];
        Span<byte> one = stackalloc byte[8];
        for (var i = 0; i < count; i++)
        {
            data.Slice(i * width, width).CopyTo(one);
            if (isBig)
                one[..width].Reverse();
            numbers[i] = kind switch
            {
                "f2" => (float)BinaryPrimitives.ReadHalfLittleEndian(one),
                "f4" => BinaryPrimitives.ReadSingleLittleEndian(one),
                "f8" => (float)BinaryPrimitives.ReadDoubleLittleEndian(one),
                "i1" => (sbyte)one[0],
                "u1" or "b1" => one[0],
                "i2" => BinaryPrimitives.ReadInt16LittleEndian(one),
                "u2" => BinaryPrimitives.ReadUInt16LittleEndian(one),
                "i4" => BinaryPrimitives.ReadInt32LittleEndian(one),
                "u4" => BinaryPrimitives.ReadUInt32LittleEndian(one),
                "i8" => BinaryPrimitives.ReadInt64LittleEndian(one),
                "u8" => BinaryPrimitives.ReadUInt64LittleEndian(one),
                _ => throw new InvalidDataException($"it holds '{type}', not numbers"),
            };
        }
        return numbers;
    }

    /// <summary>Values whose first axis runs fastest, in the order in which the last one does.</summary>
    private static float[] Turned(float[] numbers, int[] axes)
    {
        var turned = new float[numbers.Length];
        var place = new int[axes.Length];
        for (var i = 0; i < turned.Length; i++)
        {
            var (from, stride) = (0, 1);
            for (var axis = 0; axis < axes.Length; axis++)
                (from, stride) = (from + place[axis] * stride, stride * axes[axis]);
            turned[i] = numbers[from];
            for (var axis = axes.Length - 1; axis >= 0 && ++place[axis] == axes[axis]; axis--)
                place[axis] = 0;
        }
        return turned;
    }

    [GeneratedRegex("'descr':\\s*'([<>|=][A-Za-z][0-9]+)'")]
    private static partial Regex TypeOf();

    [GeneratedRegex("'fortran_order':\\s*(True|False)")]
    private static partial Regex OrderOf();

    [GeneratedRegex("'shape':\\s*\\(([0-9, ]*)\\)")]
    private static partial Regex ShapeOf();
}
