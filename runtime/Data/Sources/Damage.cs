namespace Whence.Data;

/// <summary>What is thrown of a file's bytes, beside what is thrown of the machine.</summary>
internal static class Damage
{
    // What an IOException has that a library made; the system's own have the system's number.
    private const int MadeByLibrary = unchecked((int)0x80131620);

    /// <summary>Whether the bytes are at fault: not the disk, and not too little memory.</summary>
    public static bool Is(Exception error) => error switch
    {
        OutOfMemoryException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException => false,
        EndOfStreamException => true,
        IOException => error.HResult == MadeByLibrary,
        _ => true,
    };
}
