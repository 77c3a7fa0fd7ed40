namespace Whence.Generator.Ops;

/// <summary>What only shows when a network is compiled: that it is too large to be.</summary>
internal sealed class TooLargeException(string message) : Exception(message);
