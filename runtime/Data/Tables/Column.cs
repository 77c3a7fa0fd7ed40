using System.Globalization;

namespace Whence.Data;

/// <summary>
/// A column of a table, and which elements of a network's input it becomes. Its scores are one number: their sum over these elements, or of
/// a <see cref="NumbersColumn"/> as many as it has elements.
/// </summary>
public abstract class Column
{
    private protected Column(string name, int width)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, Width) = (name, width);
    }

    /// <summary>The column's name in files, and the name of its scores.</summary>
    public string Name { get; }

    /// <summary>How many elements of the input it becomes.</summary>
    public int Width { get; }

    /// <summary>The same column, with a value for where none is given.</summary>
    /// <exception cref="ArgumentException">The column cannot have this value.</exception>
    public abstract Column WithMissing(string value);

    /// <summary>Writes a value as elements of the input, [Width], which arrive as zeros.</summary>
    /// <returns>What is wrong with the value, or null.</returns>
    internal abstract string? Write(Cell cell, Span<float> elements);

    /// <summary>Whether there is no value, so that what stands for it was written.</summary>
    internal abstract bool IsMissing(Cell cell);
}

/// <summary>A column of numbers, one element of the input. Nothing is scaled: that is the network's part, so that reasons are about the
/// values that the file has.</summary>
/// <param name="name">The column's name in files.</param>
public sealed class NumberColumn(string name) : Column(name, 1)
{
    private static readonly string[] missing = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"];

    /// <summary>What stands for a value that is missing; null refuses its row.</summary>
    public float? Missing { get; init; }

    /// <inheritdoc/>
    public override Column WithMissing(string value) =>
        float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? new NumberColumn(Name) { Missing = number }
            : throw new ArgumentException($"The column \"{Name}\" holds numbers, and \"{value}\" is none.", nameof(value));

    internal override string? Write(Cell cell, Span<float> elements)
    {
        var number = cell.Number;
        if (cell.Kind == CellKind.List)
            return "several values, where a number should be";
        if (IsMissing(cell))
        {
            elements[0] = Missing ?? 0;
            return Missing is null ? "no value" : null;
        }
        if (cell.Kind == CellKind.Text && !double.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            return $"\"{Shown(cell.Text)}\", which is no number";
        elements[0] = (float)number;
        return float.IsFinite(elements[0]) ? null : FormattableString.Invariant($"{number}, which no finite float holds");
    }

    internal override bool IsMissing(Cell cell) =>
        cell.Kind == CellKind.Missing || (cell.Kind == CellKind.Text && IsMissing(cell.Text));

    internal static string Shown(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}...";

    internal static bool IsMissing(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        foreach (var word in missing)
        {
            if (text.SequenceEqual(word))
                return true;
        }
        return false;
    }
}

/// <summary>
/// A column of categories, a one-hot group: an element of the input for each category, with one score, the sum of theirs.
/// </summary>
public sealed class CategoryColumn : Column
{
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bySpan;
    private string? missing;

    /// <summary>Categories in the order of the input's elements.</summary>
    /// <exception cref="ArgumentException">There is no category, or one twice.</exception>
    public CategoryColumn(string name, IReadOnlyList<string> categories)
        : base(name, (categories ?? throw new ArgumentNullException(nameof(categories))).Count)
    {
        if (categories.Count == 0)
            throw new ArgumentException($"The column \"{name}\" has no categories.", nameof(categories));
        foreach (var category in categories)
        {
            if (!places.TryAdd(category, places.Count))
                throw new ArgumentException($"The column \"{name}\" has the category \"{category}\" twice.", nameof(categories));
        }
        Categories = [.. categories];
        bySpan = places.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What the column may hold.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>The category of a row that has no value; "" is none of them (all elements are zero), null refuses its row.</summary>
    /// <exception cref="ArgumentException">The column has no such category.</exception>
    public string? Missing
    {
        get => missing;
        init => missing = value is null or "" || places.ContainsKey(value) ? value : throw new ArgumentException(
            $"The column \"{Name}\" has no category \"{value}\", but {Listing.Quoted(Categories)}.");
    }

    /// <summary>
    /// Whether a value that is no category makes all elements zero, as where the first category was dropped; otherwise its row is refused.
    /// </summary>
    public bool OthersAreNone { get; init; }

    /// <inheritdoc/>
    public override Column WithMissing(string value) =>
        new CategoryColumn(Name, Categories) { Missing = value, OthersAreNone = OthersAreNone };

    internal override string? Write(Cell cell, Span<float> elements)
    {
        if (cell.Kind == CellKind.List)
            return "several values, where a category should be";
        Span<char> digits = stackalloc char[32];
        var text = TextOf(cell, digits);
        if (IsCategory(cell, text, out var place))
            return Mark(elements, place);
        if (cell.Kind == CellKind.Missing || NumberColumn.IsMissing(text))
            return Missing is null ? "no value" : Missing == "" ? null : Mark(elements, places[Missing]);
        return OthersAreNone ? null : $"\"{NumberColumn.Shown(text)}\", which is none of its categories";
    }

    internal override bool IsMissing(Cell cell)
    {
        Span<char> digits = stackalloc char[32];
        var text = TextOf(cell, digits);
        return !IsCategory(cell, text, out _) && (cell.Kind == CellKind.Missing || NumberColumn.IsMissing(text));
    }

    private static ReadOnlySpan<char> TextOf(Cell cell, Span<char> digits) =>
        cell.Kind == CellKind.Number ? Digits(cell.Number, digits) : cell.Text;

    // A category may be called "NA": Namibia is none that is missing.
    private bool IsCategory(Cell cell, ReadOnlySpan<char> text, out int place)
    {
        place = cell.Kind == CellKind.Missing ? -1 : Find(cell, text);
        return place >= 0;
    }

    private int Find(Cell cell, ReadOnlySpan<char> text)
    {
        if (bySpan.TryGetValue(text, out var place) || bySpan.TryGetValue(text.Trim(), out place))
            return place;
        if (cell.Kind != CellKind.Truth)
            return -1;
        return places.TryGetValue(cell.Number == 1 ? "True" : "False", out place)
            || places.TryGetValue(cell.Number == 1 ? "1" : "0", out place) ? place : -1;
    }

    private static ReadOnlySpan<char> Digits(double number, Span<char> digits) =>
        number.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture) ? digits[..length] : default;

    private static string? Mark(Span<float> elements, int place)
    {
        elements[place] = 1;
        return null;
    }
}

/// <summary>A column whose values are lists of numbers, such as an image's: an element of the input, and a score, for each.</summary>
/// <param name="name">The column's name in files.</param>
/// <param name="width">How many numbers a value has.</param>
public sealed class NumbersColumn(string name, int width) : Column(name, width)
{
    /// <inheritdoc/>
    public override Column WithMissing(string value) =>
        throw new ArgumentException($"The column \"{Name}\" holds lists of {Width} numbers, which no one value stands for.", nameof(value));

    internal override bool IsMissing(Cell cell) => false;

    internal override string? Write(Cell cell, Span<float> elements)
    {
        if (cell.Kind == CellKind.Missing)
            return "no value";
        if (cell.Kind != CellKind.List)
            return $"one value, where a list of {Width} numbers should be";
        if (cell.List.Length != Width)
            return $"{cell.List.Length} numbers, but {Width} are asked for";
        cell.List.CopyTo(elements);
        for (var i = 0; i < Width; i++)
        {
            if (!float.IsFinite(elements[i]))
                return $"no finite number at place {i} of its list";
        }
        return null;
    }
}
