namespace Whence;

/// <summary>A file of weights is damaged, or does not hold what a network needs.</summary>
public sealed class WeightsException : Exception
{
    /// <summary>The file itself cannot be read.</summary>
    public WeightsException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>A tensor is missing, or is not what the network needs.</summary>
    public WeightsException(string message, string tensor, Shape? expected, string? found, IReadOnlyList<string>? nearest = null)
        : base(message)
    {
        Tensor = tensor;
        Expected = expected;
        Found = found;
        Nearest = nearest ?? [];
    }

    /// <summary>The tensor's name, or null if the file as a whole is at fault.</summary>
    public string? Tensor { get; }

    /// <summary>The shape that the network needs, where that is known.</summary>
    public Shape? Expected { get; }

    /// <summary>What the file has under the name, such as "F32 [10, 64]", or null if it has nothing.</summary>
    public string? Found { get; }

    /// <summary>The names in the file that are nearest to a missing tensor's, nearest first.</summary>
    public IReadOnlyList<string> Nearest { get; } = [];
}
