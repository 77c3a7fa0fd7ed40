using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Whence.Golden;

/// <summary>
/// One array of an <see cref="Npz"/>: numbers as doubles, last axis fastest. Integers up to 2^53 and all floats convert exactly.
/// </summary>
/// <param name="Name">The key in the file.</param>
/// <param name="Shape">Axis sizes, as NumPy has them: the first axis is the example, in arrays that have one.</param>
/// <param name="Values">All elements.</param>
public sealed record NpyArray(string Name, IReadOnlyList<int> Shape, double[] Values)
{
    /// <summary>The elements of one entry of the first axis.</summary>
    public ReadOnlySpan<double> Row(int index)
    {
        var size = Values.Length / Shape[0];
        return Values.AsSpan(index * size, size);
    }

    /// <summary>The elements as integers.</summary>
    /// <exception cref="InvalidDataException">An element is not a whole number of 32 bits.</exception>
    public int[] Integers() => Array.ConvertAll(Values, value =>
        value == (int)value
            ? (int)value
            : throw new InvalidDataException($"{Name} holds {value.ToString(CultureInfo.InvariantCulture)}, which is no 32-bit integer."));

    /// <summary>The elements rounded to single precision.</summary>
    public float[] Singles() => Array.ConvertAll(Values, value => (float)value);
}

/// <summary>
/// Reads what NumPy's savez writes: a zip of .npy arrays (numpy.lib.format, versions 1 to 3), little-endian f8, f4 and i8 in C order.
/// Arrays of text are only listed.
/// </summary>
public sealed partial class Npz
{
    private readonly Dictionary<string, NpyArray> arrays = [];
    private readonly List<string> skipped = [];

    /// <summary>The keys of the numeric arrays, in the file's order.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The keys of the arrays of text, which are not read.</summary>
    public IReadOnlyList<string> Skipped => skipped;

    /// <summary>One array by its key.</summary>
    /// <exception cref="KeyNotFoundException">The file has no such numeric array.</exception>
    public NpyArray this[string name] => arrays.TryGetValue(name, out var array)
        ? array
        : throw new KeyNotFoundException($"No numeric array \"{name}\"; there are {string.Join(", ", Names)}.");

    /// <summary>Whether there is a numeric array of this name.</summary>
    public bool Contains(string name) => arrays.ContainsKey(name);

    /// <summary>The full path of a file in this source file's folder.</summary>
    public static string PathOf(string file) => Path.Combine(GoldenFolder(), file);

    /// <summary>Reads one of the golden files in this source file's folder.</summary>
    public static Npz Golden(string file) => Open(PathOf(file));

    /// <summary>Reads a whole .npz file.</summary>
    /// <exception cref="InvalidDataException">An array is of another type, order or length than can be read.</exception>
    public static Npz Open(string path)
    {
        var npz = new Npz();
        var names = new List<string>();
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            var name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
            var bytes = new byte[entry.Length];
            using (var stream = entry.Open())
                stream.ReadExactly(bytes);
            if (Parse(name, bytes) is { } array)
            {
                npz.arrays.Add(name, array);
                names.Add(name);
            }
            else
            {
                npz.skipped.Add(name);
            }
        }
        npz.Names = names;
        return npz;
    }

    private static NpyArray? Parse(string name, ReadOnlySpan<byte> npy)
    {
        if (npy.Length < 12 || !IsMagic(npy))
            throw new InvalidDataException($"{name} does not start as an .npy array.");
        var wide = npy[6] >= 2;
        var length = wide ? BinaryPrimitives.ReadInt32LittleEndian(npy[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(npy[8..]);
        var start = wide ? 12 : 10;
        if (length < 0 || length > npy.Length - start)
            throw new InvalidDataException($"{name} announces a header of {length} bytes in an array of {npy.Length} bytes.");
        var header = Encoding.UTF8.GetString(npy.Slice(start, length));
        var type = Field(TypePattern(), header, name);
        if (type.Contains('U') || type.Contains('S'))
            return null;
        if (Field(OrderPattern(), header, name) != "False")
            throw new InvalidDataException($"{name} is in Fortran order; save it in C order.");
        var shape = Field(ShapePattern(), header, name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(axis => int.Parse(axis, CultureInfo.InvariantCulture)).ToArray();
        return new NpyArray(name, shape,
            Numbers(name, type, npy[(start + length)..], shape.Aggregate(1, (product, axis) => checked(product * axis))));
    }

    private static double[] Numbers(string name, string type, ReadOnlySpan<byte> data, int count)
    {
        var width = type switch
        {
            "<f8" or "<i8" => 8,
            "<f4" => 4,
            _ => throw new InvalidDataException($"{name} is of type {type}; only <f8, <f4 and <i8 are read."),
        };
        if (data.Length != (long)count * width)
            throw new InvalidDataException(
                $"{name} has {data.Length} bytes of data; {count} elements of {type} take {(long)count * width}.");
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var element = data.Slice(i * width, width);
            values[i] = type switch
            {
                "<f8" => BinaryPrimitives.ReadDoubleLittleEndian(element),
                "<f4" => BinaryPrimitives.ReadSingleLittleEndian(element),
                _ => BinaryPrimitives.ReadInt64LittleEndian(element),
            };
        }
        return values;
    }

    private static bool IsMagic(ReadOnlySpan<byte> npy) => npy[0] == 0x93 && npy[1..6].SequenceEqual("NUMPY"u8);

    private static string Field(Regex pattern, string header, string name) => pattern.Match(header) is { Success: true } match
        ? match.Groups[1].Value
        : throw new InvalidDataException($"{name} has the header {header}, in which {pattern} is not found.");

    private static string GoldenFolder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex(@"'descr':\s*'([^']*)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order':\s*(\w+)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape':\s*\(([\d,\s]*)\)")]
    private static partial Regex ShapePattern();
}
