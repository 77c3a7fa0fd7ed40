using Apache.Arrow;
using Apache.Arrow.Types;

namespace Whence.Data;

/// <summary>Reads columns of an Arrow record batch, as copies: the batch may be let go.</summary>
internal static class ArrowColumns
{
    /// <summary>Whether a file has a column of text of this name; a file that is none has not.</summary>
    public static bool IsText(string path, string column)
    {
        using var reader = Apache.Arrow.Ipc.ArrowFileReader.FromFile(path);
        try
        {
            return reader.Schema.FieldsList.Any(field => field.Name == column && field.DataType is StringType);
        }
        catch (Exception error) when (Damage.Is(error))
        {
            // Whoever reads its rows says what is wrong with it.
            return false;
        }
    }

    /// <summary>Looks at a column's type alone.</summary>
    /// <exception cref="InvalidDataException">It is none that is read.</exception>
    public static void RequireReadable(Field field)
    {
        var isReadable = field.DataType switch
        {
            BooleanType or StringType => true,
            DictionaryType words => words.ValueType is StringType && IsNumber(words.IndexType),
            ListType list => IsNumber(list.ValueDataType),
            FixedSizeListType list => IsNumber(list.ValueDataType),
            var type => IsNumber(type),
        };
        if (!isReadable)
            throw Unread(field.DataType, field.Name);
    }

    private static bool IsNumber(IArrowType type) => type is DoubleType or FloatType or HalfFloatType or Int64Type or Int32Type or Int16Type
        or Int8Type or UInt64Type or UInt32Type or UInt16Type or UInt8Type;

    /// <exception cref="InvalidDataException">The column is of a type that is not read.</exception>
    public static ColumnCells Read(IArrowArray array, string name) => array switch
    {
        DoubleArray doubles => new NumberCells(Numbers(doubles)),
        FloatArray floats => new NumberCells(Numbers(floats)),
        Int64Array wholes => new WholeCells([.. wholes.Select(value => value ?? 0)], Missing(wholes)),
        BooleanArray truths => new TruthCells([.. truths]),
        StringArray texts => new TextCells(Texts(texts)),
        DictionaryArray { Dictionary: StringArray words } places => new TextCells(Looked(places, Texts(words), name)),
        ListArray lists => Lists(lists, name),
        FixedSizeListArray lists => Lists(lists, name),
        _ => new NumberCells(Wholes(array) ?? throw Unread(array, name)),
    };

    private static InvalidDataException Unread(IArrowArray array, string name) => Unread(array.Data.DataType, name);

    private static InvalidDataException Unread(IArrowType type, string name) => new($"The column \"{name}\" holds {type.Name}, "
        + "but columns are read of numbers, text, true and false, dictionaries of text, and lists of numbers.");

    private static double[] Numbers<T>(PrimitiveArray<T> array) where T : struct, System.Numerics.INumber<T>
    {
        var numbers = new double[array.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = array.GetValue(i) is { } value ? double.CreateChecked(value) : double.NaN;
        return numbers;
    }

    private static double[]? Wholes(IArrowArray array) => array switch
    {
        Int32Array whole => Numbers(whole),
        Int16Array whole => Numbers(whole),
        Int8Array whole => Numbers(whole),
        UInt64Array whole => Numbers(whole),
        UInt32Array whole => Numbers(whole),
        UInt16Array whole => Numbers(whole),
        UInt8Array whole => Numbers(whole),
        HalfFloatArray half => Numbers(half),
        Int64Array whole => Numbers(whole),
        DoubleArray number => Numbers(number),
        FloatArray number => Numbers(number),
        _ => null,
    };

    private static bool[]? Missing(Int64Array array) =>
        array.NullCount == 0 ? null : [.. Enumerable.Range(0, array.Length).Select(array.IsNull)];

    private static string?[] Texts(StringArray array)
    {
        var texts = new string?[array.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = array.GetString(i);
        return texts;
    }

    private static string?[] Looked(DictionaryArray array, string?[] words, string name)
    {
        var places = Wholes(array.Indices) ?? throw Unread(array.Indices, name);
        return System.Array.ConvertAll(places, place => double.IsNaN(place) ? null : words[(int)place]);
    }

    private static ListCells Lists(ListArray array, string name)
    {
        var values = Wholes(array.Values) ?? throw Unread(array.Values, name);
        return Lists(array.Length, row => array.IsNull(row) ? (0, 0) : (array.ValueOffsets[row], array.GetValueLength(row)), values);
    }

    private static ListCells Lists(FixedSizeListArray array, string name)
    {
        var values = Wholes(array.Values) ?? throw Unread(array.Values, name);
        var length = ((FixedSizeListType)array.Data.DataType).ListSize;
        return Lists(array.Length, row => array.IsNull(row) ? (0, 0) : ((array.Offset + row) * length, length), values);
    }

    private static ListCells Lists(int rows, Func<int, (int Start, int Length)> place, double[] values)
    {
        var starts = new int[rows + 1];
        var numbers = new List<float>(values.Length);
        for (var row = 0; row < rows; row++)
        {
            var (start, length) = place(row);
            for (var i = 0; i < length; i++)
                numbers.Add((float)values[start + i]);
            starts[row + 1] = numbers.Count;
        }
        return new ListCells(starts, [.. numbers]);
    }
}
