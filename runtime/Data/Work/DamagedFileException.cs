namespace Whence.Data;

/// <summary>A file of rows that cannot be begun with.</summary>
internal sealed class DamagedFileException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Opens a file of rows.</summary>
    /// <exception cref="DamagedFileException">It is damaged as a whole, or not what the network takes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RowSource Open(string path, Signature network, RowOptions options)
    {
        try
        {
            return RowSource.Open(path, network, options);
        }
        catch (InvalidDataException error)
        {
            throw new DamagedFileException(error.Message, error);
        }
    }
}
