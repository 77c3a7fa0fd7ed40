using System.Diagnostics;
using System.Globalization;

namespace Whence.Data;

/// <summary>
/// Files that are there whole or not at all: written under a temporary name, flushed to the disk, and renamed. Of two writers of one file
/// the last wins, with a whole file.
/// </summary>
internal static class Durable
{
    private const string Ending = ".tmp";

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its name at last.</param>
    /// <param name="write">Writes it under the name that it is given; what it throws leaves nothing behind.</param>
    /// <exception cref="IOException">It cannot be written; the message has its name at last.</exception>
    public static void Write(string path, Action<string> write)
    {
        var name = Path.GetFileName(path);
        // The ending stays, since it says the format; the machine and the process say whose it is, without asking a clock.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $"{Mine}{Guid.NewGuid():n}{Ending}-{name}");
        try
        {
            write(temporary);
            using (var file = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite))
                file.Flush(flushToDisk: true);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error)
        {
            File.Delete(temporary);
            // Nobody knows the temporary name, and it is gone.
            if (error is IOException && error.Message.Contains(temporary, StringComparison.Ordinal))
                throw new IOException(error.Message.Replace(temporary, path, StringComparison.Ordinal), error);
            throw;
        }
    }

    public static void Write(string path, byte[] bytes) => Write(path, temporary => File.WriteAllBytes(temporary, bytes));

    private static string Mine => $"{Machine}-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-";

    // Where process numbers are one process's: containers of one machine may share its name, and count from 1 each.
    private static string Machine => Letters($"{Environment.MachineName}{new FileInfo("/proc/self/ns/pid").LinkTarget}");

    private static string Letters(string text) => string.Concat(text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '.'));

    /// <summary>Whether it is a file that somebody is writing, or was.</summary>
    public static bool IsTemporary(string path) => Path.GetFileName(path).Contains($"{Ending}-", StringComparison.Ordinal);

    /// <summary>Deletes what processes of this machine have left that are no more.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">Of which file; null for all.</param>
    public static void DeleteLeftovers(string folder, string? name = null) => DeleteLeftovers(Directory.EnumerateFiles(folder)
        .Where(path => name is null ? IsTemporary(path) : path.EndsWith($"{Ending}-{name}", StringComparison.Ordinal)));

    private static void DeleteLeftovers(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith($"{Machine}-", StringComparison.Ordinal)
                && int.TryParse(name[(Machine.Length + 1)..].Split('-')[0], CultureInfo.InvariantCulture, out var process)
                && !IsAlive(process))
                File.Delete(path);
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
