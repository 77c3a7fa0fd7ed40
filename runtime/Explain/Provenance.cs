using System.Reflection;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;

namespace Whence;

/// <summary>Which program gave an answer: network, weights, versions, and the processor's vectors, on which last bits depend.</summary>
/// <param name="Network">The network's class.</param>
/// <param name="NetworkHash">SHA-256 of what it is compiled to (<see cref="Signature.Hash"/>) and of its inputs', outputs' and layers'
/// names and shapes, in small hexadecimal digits: another operator or rule is another network, other weights are not.</param>
/// <param name="NetworkVersion">The informational version of the assembly that the network is compiled in.</param>
/// <param name="WeightsHash">SHA-256 of the weights file.</param>
/// <param name="WhenceVersion">The informational version of this package.</param>
/// <param name="VectorBits">How wide the processor's vectors are that the network is computed with: 128, 256 or 512.</param>
public sealed record Provenance(
    string Network, string NetworkHash, string NetworkVersion, string WeightsHash, string WhenceVersion, int VectorBits)
{
    /// <summary>Of a network on this machine, and the file whose weights it has.</summary>
    /// <param name="net">The network.</param>
    /// <param name="weights">The path of the file that it was loaded from, which is read once more.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Provenance Of(INetwork net, string weights)
    {
        ArgumentException.ThrowIfNullOrEmpty(weights);
        using var file = FileFault.Reading(weights, File.OpenRead);
        return Of(net, SHA256.HashData(file));
    }

    /// <summary>Of a network on this machine, and the bytes whose weights it has: of a file that lies in the program itself.</summary>
    /// <param name="net">The network.</param>
    /// <param name="weights">The whole file; read from where it is to its end.</param>
    public static Provenance Of(INetwork net, Stream weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Of(net, SHA256.HashData(weights));
    }

    private static Provenance Of(INetwork net, byte[] weightsHash)
    {
        ArgumentNullException.ThrowIfNull(net);
        return new(net.Signature.Name, HashOf(net.Signature), VersionOf(net.GetType().Assembly), Convert.ToHexStringLower(weightsHash),
            VersionOf(typeof(INetwork).Assembly), Vectors);
    }

    /// <summary>How wide this processor's vectors are that networks are computed with, in bits.</summary>
    internal static int Vectors => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString()
            ?? "";

    // The weights have a hash of their own.
    private static string HashOf(Signature net)
    {
        var text = new StringBuilder(net.Name).Append('\n').Append(net.Hash);
        foreach (var tensor in net.Inputs.Concat(net.Outputs))
            text.Append('\n').Append(tensor.Name).Append(' ').Append(Axes(tensor.Shape)).Append(' ').AppendJoin(',', tensor.Features);
        foreach (var point in net.Points)
            text.Append('\n').Append(point.Name).Append(' ').Append(Axes(point.Shape));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // All of them, which a shape's own text is too short for where they are many.
    private static string Axes(Shape shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
