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

    /// <summary>SHA-256 of a file's first and last mebibyte: of a file that no one worker reads whole.</summary>
    public static string OfEnds(string path)
    {
        const int Most = 1 << 20;
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[Most];
        hash.AppendData(block, 0, file.ReadAtLeast(block, Most, throwOnEndOfStream: false));
        file.Position = Math.Max(0, file.Length - Most);
        hash.AppendData(block, 0, file.ReadAtLeast(block, Most, throwOnEndOfStream: false));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
