namespace Whence.Data;

/// <summary>What the command line of a worker asks for.</summary>
internal sealed record WorkerOptions
{
    public required string Weights { get; init; }

    public required string Input { get; init; }

    public required string Folder { get; init; }

    public required string Format { get; init; }

    public required int PartRows { get; init; }

    public required Shard Shard { get; init; }

    public required bool Resume { get; init; }

    /// <summary>A file of references, over which scores are averaged; null for zeros.</summary>
    public string? Reference { get; init; }

    /// <summary>All that makes the answers what they are, as it was said: method, target, options of reading.</summary>
    public required IReadOnlyDictionary<string, string> Asked { get; init; }
}
