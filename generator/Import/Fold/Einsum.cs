namespace Whence.Import.Fold;

/// <summary>An Einsum's equation: the letters of each operand's axes and of the result's.</summary>
internal sealed record Einsum(string[] Operands, string Result, int[] Output, IReadOnlyDictionary<char, int> Sizes)
{
    public static Einsum Of(Op op)
    {
        var equation = op.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        if (equation.Contains("...", StringComparison.Ordinal))
            throw new FaultException("its equation has an ellipsis", "Export it with every axis named.");
        var sides = equation.Split("->");
        var operands = sides[0].Split(',');
        if (operands.Length != op.Inputs.Count)
            throw new FaultException($"its equation '{equation}' is not for {op.Inputs.Count} inputs");
        var sizes = new Dictionary<char, int>();
        for (var i = 0; i < operands.Length; i++)
        {
            var axes = op.Inputs[i]!.Axes!;
            if (axes.Length != operands[i].Length)
                throw new FaultException($"its equation '{equation}' does not fit {Shapes.Text(axes)}");
            for (var axis = 0; axis < axes.Length; axis++)
                sizes[operands[i][axis]] = axes[axis];
        }
        var letters = string.Concat(operands);
        var result = sides.Length > 1 ? sides[1]
            : string.Concat(letters.Where(letter => letters.Count(other => other == letter) == 1).Order());
        return result.All(sizes.ContainsKey) ? new(operands, result, [.. result.Select(letter => sizes[letter])], sizes)
            : throw new FaultException($"its equation '{equation}' names an axis that no input has");
    }
}
