using System.Security.Cryptography;

namespace Whence.Data;

internal static class FileHash
{
    /// <summary>SHA-256 of a file, in small hexadecimal digits.</summary>
    public static string Of(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
