namespace Whence.Import.Fold;

/// <summary>Why an operator has no place in a network that is explained: from a closed list.</summary>
internal static class Refusals
{
    private static readonly (string Reason, string[] Operators)[] Reasons =
    [
        ("it gives indices or positions, which have no derivative",
            ["ArgMax", "ArgMin", "TopK", "NonZero", "Unique", "Compress", "NonMaxSuppression", "OneHot", "Hardmax", "MaxUnpool",
                "MaxRoiPool"]),
        ("it gives truth values, which have no derivative",
            ["Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or", "Xor", "Not", "IsNaN", "IsInf", "BitShift",
                "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot"]),
        ("it is constant but for steps, with slope 0 everywhere", ["Floor", "Ceil", "Round", "Sign", "Mod"]),
        ("it is quantised arithmetic",
            ["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "ConvInteger", "MatMulInteger", "QLinearConv",
                "QLinearMatMul"]),
        ("it is random", ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"]),
        ("it is about text", ["StringNormalizer", "TfIdfVectorizer", "LabelEncoder", "StringConcat", "StringSplit", "RegexFullMatch"]),
        ("it is about sequences or optionals",
            ["SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert", "SequenceLength",
                "SplitToSequence", "ConcatFromSequence", "SequenceMap", "Optional", "OptionalGetElement", "OptionalHasElement"]),
        ("it belongs to training", ["Adam", "Adagrad", "Momentum", "Gradient", "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"]),
        ("how often it runs depends on the input", ["Loop", "Scan"]),
        ("it gives a constant only", ["EyeLike", "Range", "ConstantOfShape", "BlackmanWindow", "HannWindow", "HammingWindow",
            "MelWeightMatrix", "Shape", "Size", "Constant"]),
    ];

    /// <summary>What is said of an operator whose shape nobody knows here.</summary>
    public static Finding Unsupported(Op op)
    {
        var reason = Reason(op.Type);
        return reason is null ? op.Finding("it is not supported.", "Export without it, or stop before it: --output NAME.")
            : op.Finding(reason + ".", "Stop before it: --output NAME.");
    }

    /// <summary>Why an operator cannot be explained through, or null if that is not known.</summary>
    public static string? Reason(string type)
    {
        foreach (var (reason, operators) in Reasons)
        {
            if (operators.Contains(type))
                return reason;
        }
        return null;
    }
}
