namespace Whence.Pictures;

/// <summary>One explanation of one example, as a <see cref="Report"/> shows it: the scores and the numbers that tell how far to trust them.</summary>
public sealed record Explained
{
    /// <summary>The method's name, such as "Integrated gradients".</summary>
    public required string Method { get; init; }

    /// <summary>The rule or quadrature, such as "midpoint, 50 steps"; may be empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What is explained, such as "logit of class 7".</summary>
    public required string Target { get; init; }

    /// <summary>The reference's name, such as "zero"; empty for methods without one.</summary>
    public string Reference { get; init; } = "";

    /// <summary>The scores' shape: [features], [channels, length] or [channels, height, width].</summary>
    public required Shape Shape { get; init; }

    /// <summary>The scores, in the user's axis order.</summary>
    public required ReadOnlyMemory<float> Scores { get; init; }

    /// <summary>The target's value on the example.</summary>
    public required double Output { get; init; }

    /// <summary>The target's value on the reference; null for methods without one.</summary>
    public double? ReferenceOutput { get; init; }

    /// <summary>The sum of the scores minus the difference of the two outputs; null for methods that promise no sum.</summary>
    public double? Gap { get; init; }

    /// <summary>|gap| / (sum of |scores| + |difference of the outputs|); null for methods that promise no sum.</summary>
    public double? RelativeGap { get; init; }

    /// <summary>Whether a doubling quadrature reached its tolerance; null if none was asked for.</summary>
    public bool? Converged { get; init; }
}

/// <summary>One input of the network and its explanations.</summary>
public sealed record Example
{
    /// <summary>What the input is, such as "Test digit 0: a seven".</summary>
    public required string Title { get; init; }

    /// <summary>What else is to be said about it, such as the network's answer; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>The input's shape: [features], [channels, length] or [channels, height, width].</summary>
    public required Shape Shape { get; init; }

    /// <summary>The input, in the user's axis order.</summary>
    public required ReadOnlyMemory<float> Input { get; init; }

    /// <summary>Names of the features of a table or of the channels of a sequence; those not named go by their number.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The explanations, in the order in which they are shown.</summary>
    public required IReadOnlyList<Explained> Explanations { get; init; }
}
