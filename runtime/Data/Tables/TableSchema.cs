namespace Whence.Data;

/// <summary>
/// Which columns a network's row of input is made of. Immutable. <see cref="Of(Signature)"/> reads it from the network's own names
/// (<see cref="FeaturesAttribute"/>): "age" is a column of numbers, and "colour=red", "colour=blue" are a column "colour" with two
/// categories, as scikit-learn's DictVectorizer names them. An input without names is a column of lists, called like the input.
/// </summary>
public sealed class TableSchema
{
    private readonly int[][] places;

    /// <summary>Columns whose elements follow each other in the input.</summary>
    /// <exception cref="ArgumentException">There is no column, or two have one name.</exception>
    public TableSchema(IReadOnlyList<Column> columns)
        : this(columns, Consecutive(columns))
    {
    }

    private TableSchema(IReadOnlyList<Column> columns, int[][] places)
    {
        if (columns.Count == 0)
            throw new ArgumentException("A table has at least one column.", nameof(columns));
        if (columns.GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"There are two columns \"{twice.Key}\".", nameof(columns));
        Columns = [.. columns];
        this.places = places;
        Width = places.Sum(place => place.Length);
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>How many elements they become: the network's <see cref="Signature.InputSize"/>.</summary>
    public int Width { get; }

    /// <summary>Which elements of a row of input a column becomes.</summary>
    public IReadOnlyList<int> PlacesOf(int column) => places[column];

    /// <summary>The columns that a network's names say.</summary>
    /// <param name="signature">The network.</param>
    public static TableSchema Of(Signature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var builder = new Builder();
        foreach (var input in signature.Inputs)
        {
            if (input.Features.Count == 0 || input.Shape.Rank != 1)
                builder.AddNumbers(input.Name, input.Shape.Size);
            else
                builder.AddNames(input.Features);
        }
        return builder.Build();
    }

    /// <summary>The columns that names say, in the order of the input's elements: for a network without names of its own.</summary>
    public static TableSchema Of(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var builder = new Builder();
        builder.AddNames(names);
        return builder.Build();
    }

    /// <summary>The same with one column instead of the one of its name: to say what stands for a missing value.</summary>
    /// <exception cref="ArgumentException">There is none of this name, or it has another width.</exception>
    public TableSchema With(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var at = IndexOf(column.Name);
        if (column.Width != Columns[at].Width)
            throw new ArgumentException(
                $"The column \"{column.Name}\" becomes {Columns[at].Width} elements of the input, not {column.Width}.", nameof(column));
        var columns = Columns.ToArray();
        columns[at] = column;
        return new TableSchema(columns, places);
    }

    /// <summary>The same where a value stands for what a column misses.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it cannot have this value.</exception>
    public TableSchema WithMissing(string column, string value) => With(Columns[IndexOf(column)].WithMissing(value));

    /// <summary>The same where values that are no category make all elements of their column zero.</summary>
    public TableSchema WithOthersAsNone() => new(
        [.. Columns.Select(column => column is CategoryColumn one
            ? new CategoryColumn(one.Name, one.Categories) { Missing = one.Missing, OthersAreNone = true }
            : column)],
        places);

    private int IndexOf(string name)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == name)
                return i;
        }
        throw new ArgumentException(
            $"There is no column \"{name}\"; the columns are {Listing.Quoted(Columns.Select(column => column.Name))}.");
    }

    /// <summary>Writes a column's value to its places of a row.</summary>
    /// <returns>What is wrong with the value, or null.</returns>
    internal string? Write(int column, Cell cell, Span<float> row)
    {
        var at = places[column];
        // Mostly the places follow each other; only a group that the network has apart is spread.
        if (at[^1] - at[0] == at.Length - 1)
            return Columns[column].Write(cell, row.Slice(at[0], at.Length));
        Span<float> elements = at.Length <= 256 ? stackalloc float[at.Length] : new float[at.Length];
        elements.Clear();
        var wrong = Columns[column].Write(cell, elements);
        for (var i = 0; i < at.Length; i++)
            row[at[i]] = elements[i];
        return wrong;
    }

    private static int[][] Consecutive(IReadOnlyList<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var at = 0;
        return [.. columns.Select(column => Enumerable.Range((at += column.Width) - column.Width, column.Width).ToArray())];
    }

    /// <summary>Names in the order of elements, put together.</summary>
    private sealed class Builder
    {
        private readonly List<(string Name, List<string>? Categories, List<int> Places)> found = [];
        private readonly Dictionary<string, int> groups = new(StringComparer.Ordinal);
        private int at;

        public void AddNumbers(string name, int width)
        {
            found.Add((name, null, [.. Enumerable.Range(at, width)]));
            at += width;
        }

        public void AddNames(IReadOnlyList<string> names)
        {
            foreach (var name in names)
                AddName(name);
        }

        private void AddName(string name)
        {
            var sign = name.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0)
            {
                found.Add((name, [], [at++]));
                return;
            }
            var column = name[..sign];
            if (!groups.TryGetValue(column, out var group))
            {
                groups.Add(column, group = found.Count);
                found.Add((column, [], []));
            }
            found[group].Categories!.Add(name[(sign + 1)..]);
            found[group].Places.Add(at++);
        }

        public TableSchema Build() => new([.. found.Select(Made)], [.. found.Select(one => one.Places.ToArray())]);

        private static Column Made((string Name, List<string>? Categories, List<int> Places) one) => one.Categories switch
        {
            null => new NumbersColumn(one.Name, one.Places.Count),
            [] => new NumberColumn(one.Name),
            _ => new CategoryColumn(one.Name, one.Categories),
        };
    }
}
