namespace Whence;

/// <summary>Says why a file cannot be read or written, by the path that the user gave.</summary>
internal static class FileFault
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The user's path.</param>
    /// <param name="open">What opens it.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static T Reading<T>(string path, Func<string, T> open)
    {
        try
        {
            return open(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OfReading(path, error) ?? error;
        }
    }

    /// <summary>What is wrong with a path from which a file cannot be read; null if the error says it.</summary>
    public static IOException? OfReading(string path, Exception error) => OfFolder(path, "read") ?? error switch
    {
        FileNotFoundException => new FileNotFoundException($"There is no file '{path}'{Sought(path)}.", path, error),
        DirectoryNotFoundException => new DirectoryNotFoundException($"There is no file '{path}': {MissingFolder(path)}.", error),
        UnauthorizedAccessException => new IOException($"'{path}' cannot be read: this program has no permission to.", error),
        _ => null,
    };

    /// <summary>
    /// What is wrong with a path at which a file cannot be written; <paramref name="unfinished"/> is the name under which it was begun.
    /// </summary>
    public static IOException OfWriting(string path, string unfinished, Exception error) => error switch
    {
        DirectoryNotFoundException => new DirectoryNotFoundException($"'{path}' cannot be written: {MissingFolder(path)}.", error),
        UnauthorizedAccessException => new IOException(
            $"'{path}' cannot be written: this program has no permission to write {(File.Exists(path) ? "over it" : "into its folder")}.",
            error),
        _ => new IOException($"'{path}' cannot be written: {error.Message.Replace(unfinished, path, StringComparison.Ordinal)}", error),
    };

    /// <summary>What is wrong with a path that cannot be a file's; null of others.</summary>
    public static IOException? OfFolder(string path, string done) =>
        Directory.Exists(path) ? new IOException($"'{path}' cannot be {done}: it is a folder, and no file.")
        : Path.EndsInDirectorySeparator(path)
            ? new IOException($"'{path}' cannot be {done}: it ends as a folder does; a file's path ends with its name.")
        : null;

    // Where else a relative path is sought.
    private static string Sought(string path) => Path.IsPathRooted(path)
        ? ""
        : $" in the current folder '{Environment.CurrentDirectory}', nor beside the program in '{AppContext.BaseDirectory}'";

    // The first of its folders that there is not.
    private static string MissingFolder(string path)
    {
        var missing = Path.GetDirectoryName(path);
        while (!string.IsNullOrEmpty(missing) && Path.GetDirectoryName(missing) is { Length: > 0 } above && !Directory.Exists(above)
            && !File.Exists(missing))
            missing = above;
        return File.Exists(missing) ? $"'{missing}' is a file, and no folder" : $"there is no folder '{missing}'";
    }
}
