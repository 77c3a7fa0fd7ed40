namespace Whence.Data;

/// <summary>The columns that a file has, by name.</summary>
internal static class TableColumns
{
    /// <exception cref="InvalidDataException">The file has no such column.</exception>
    public static int Find(IReadOnlyList<string> names, string name, string path)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }
        throw new InvalidDataException($"{Path.GetFileName(path)} has no column \"{name}\"; it has {Listing.Quoted(names)}.");
    }
}
