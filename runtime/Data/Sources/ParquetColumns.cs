using Parquet;
using Parquet.Schema;

namespace Whence.Data;

/// <summary>Reads columns of a Parquet file's row groups.</summary>
internal static class ParquetColumns
{
    private static readonly HashSet<Type> listed =
        [typeof(float), typeof(double), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(long)];

    private static readonly HashSet<Type> single =
        [.. listed, typeof(uint), typeof(decimal), typeof(bool), typeof(string), typeof(ReadOnlyMemory<char>)];

    /// <exception cref="InvalidDataException">It is no Parquet file, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ParquetReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            RequireMagic(file);
            var reader = ParquetReader.CreateAsync(file, leaveStreamOpen: false).GetAwaiter().GetResult();
            // It is found when it is first asked for.
            _ = reader.Schema;
            return reader;
        }
        catch (Exception error)
        {
            file.Dispose();
            // Of a footer without sense the library would have any amount of memory.
            if (error is not OutOfMemoryException && !Damage.Is(error))
                throw;
            throw new InvalidDataException($"{Path.GetFileName(path)} cannot be read as a Parquet file: {error.Message}", error);
        }
    }

    // The library tells a file that is none as it tells a disk that fails.
    private static void RequireMagic(FileStream file)
    {
        Span<byte> ends = stackalloc byte[8];
        if (file.Length >= 12)
        {
            file.ReadExactly(ends[..4]);
            file.Seek(-4, SeekOrigin.End);
            file.ReadExactly(ends[4..]);
            file.Position = 0;
        }
        if (!ends.SequenceEqual("PAR1PAR1"u8))
            throw new InvalidDataException("it does not begin and end as one does");
    }

    /// <summary>Whether a file has a column of text of this name.</summary>
    /// <exception cref="InvalidDataException">It is no Parquet file, or damaged.</exception>
    public static bool IsText(string path, string column)
    {
        var reader = Open(path);
        try
        {
            return reader.Schema.DataFields.Any(field => field.Path.FirstPart == column && field.MaxRepetitionLevel == 0
                && (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>)));
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Looks at a column's type alone.</summary>
    /// <exception cref="InvalidDataException">It is none that is read.</exception>
    public static void RequireReadable(DataField field)
    {
        if (field.MaxRepetitionLevel > 1)
            throw new InvalidDataException($"The column \"{field.Path}\" holds lists of lists; write their numbers as one list a row.");
        if (!(field.MaxRepetitionLevel > 0 ? listed : single).Contains(field.ClrType))
            throw Unread(field);
    }

    /// <exception cref="InvalidDataException">The column is of a type that is not read, or damaged.</exception>
    public static ColumnCells Read(ParquetRowGroupReader group, DataField field, int rows)
    {
        try
        {
            return field.MaxRepetitionLevel > 0 ? Lists(group, field, rows) : Values(group, field, rows);
        }
        catch (Exception error) when (error is not InvalidDataException && Damage.Is(error))
        {
            throw new InvalidDataException($"The column \"{field.Path}\" cannot be read: {error.Message}", error);
        }
    }

    private static ColumnCells Values(ParquetRowGroupReader group, DataField field, int rows)
    {
        var type = field.ClrType;
        if (type == typeof(ReadOnlyMemory<char>) || type == typeof(string))
            return Texts(group, field, rows);
        if (type == typeof(double))
            return new NumberCells(Nullable<double>(group, field, rows, value => value));
        if (type == typeof(float))
            return new NumberCells(Nullable<float>(group, field, rows, value => value));
        if (type == typeof(decimal))
            return new NumberCells(Nullable<decimal>(group, field, rows, value => (double)value));
        if (type == typeof(bool))
            return new TruthCells(Optional<bool>(group, field, rows));
        if (type == typeof(long))
            return Wholes<long>(group, field, rows, value => value);
        if (type == typeof(int))
            return Wholes<int>(group, field, rows, value => value);
        if (type == typeof(short))
            return Wholes<short>(group, field, rows, value => value);
        if (type == typeof(sbyte))
            return Wholes<sbyte>(group, field, rows, value => value);
        if (type == typeof(byte))
            return Wholes<byte>(group, field, rows, value => value);
        if (type == typeof(ushort))
            return Wholes<ushort>(group, field, rows, value => value);
        if (type == typeof(uint))
            return Wholes<uint>(group, field, rows, value => value);
        throw Unread(field);
    }

    private static InvalidDataException Unread(DataField field) => new(
        $"The column \"{field.Path}\" holds {field.ClrType.Name}, but columns are read of numbers, text, true and false, and lists of "
            + "numbers.");

    private static TextCells Texts(ParquetRowGroupReader group, DataField field, int rows)
    {
        var texts = new string?[rows];
        group.ReadAsync(field, texts.AsMemory()).AsTask().GetAwaiter().GetResult();
        return new TextCells(texts);
    }

    private static WholeCells Wholes<T>(ParquetRowGroupReader group, DataField field, int rows, Func<T, long> whole) where T : struct
    {
        var values = Optional<T>(group, field, rows);
        var missing = field.IsNullable ? Array.ConvertAll(values, value => value is null) : null;
        return new WholeCells(Array.ConvertAll(values, value => value is { } one ? whole(one) : 0), missing);
    }

    private static double[] Nullable<T>(ParquetRowGroupReader group, DataField field, int rows, Func<T, double> number) where T : struct =>
        Array.ConvertAll(Optional<T>(group, field, rows), value => value is { } one ? number(one) : double.NaN);

    private static T?[] Optional<T>(ParquetRowGroupReader group, DataField field, int rows) where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[rows];
            group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            return values;
        }
        var all = new T[rows];
        group.ReadAsync<T>(field, all.AsMemory()).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(all, value => (T?)value);
    }

    private static ListCells Lists(ParquetRowGroupReader group, DataField field, int rows)
    {
        var type = field.ClrType;
        if (type == typeof(float))
            return Lists<float>(group, field, rows, value => value);
        if (type == typeof(double))
            return Lists<double>(group, field, rows, value => (float)value);
        if (type == typeof(byte))
            return Lists<byte>(group, field, rows, value => value);
        if (type == typeof(sbyte))
            return Lists<sbyte>(group, field, rows, value => value);
        if (type == typeof(short))
            return Lists<short>(group, field, rows, value => value);
        if (type == typeof(ushort))
            return Lists<ushort>(group, field, rows, value => value);
        if (type == typeof(int))
            return Lists<int>(group, field, rows, value => value);
        if (type == typeof(long))
            return Lists<long>(group, field, rows, value => value);
        throw Unread(field);
    }

    private static ListCells Lists<T>(ParquetRowGroupReader group, DataField field, int rows, Func<T, float> number) where T : struct
    {
        RequireReadable(field);
        var entries = checked((int)group.GetMetadata(field)!.MetaData!.NumValues);
        var values = new T[entries];
        var defined = new int[entries];
        var repeated = new int[entries];
        group.ReadRawAsync<T>(field, values.AsMemory(), defined.AsMemory(), repeated.AsMemory()).AsTask().GetAwaiter().GetResult();
        return Split(values, defined, repeated, field, rows, number);
    }

    // Levels say of each entry whether it begins a row (0) and whether it is a number; an entry of a level below the list's is a row
    // without numbers, and one above it a number that is missing.
    private static ListCells Split<T>(T[] values, int[] defined, int[] repeated, DataField field, int rows, Func<T, float> number)
        where T : struct
    {
        var starts = new int[rows + 1];
        var numbers = new List<float>(values.Length);
        var most = field.MaxDefinitionLevel;
        var there = most - (field.IsNullable ? 1 : 0);
        var (row, next) = (0, 0);
        for (var entry = 0; entry < repeated.Length; entry++)
        {
            if (repeated[entry] == 0)
                starts[row++] = numbers.Count;
            if (defined[entry] == most)
                numbers.Add(number(values[next++]));
            else if (defined[entry] == there)
                numbers.Add(float.NaN);
        }
        starts[rows] = numbers.Count;
        if (row != rows)
            throw new InvalidDataException($"The column \"{field.Path}\" has {row} lists in a row group of {rows} rows.");
        return new ListCells(starts, [.. numbers]);
    }
}
