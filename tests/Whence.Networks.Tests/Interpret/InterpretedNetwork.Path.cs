using Whence.CompilerServices;
using Whence.Generator.Derive;
using Whence.Generator.Ops;

namespace Whence.Networks.Tests.Interpret;

/// <summary>The path question, in double precision: what is kept of a path is its ends.</summary>
internal sealed partial class InterpretedNetwork
{
    private readonly DerivedGraph? path;
    private readonly Interpreter? alongPath;

    public PathSizes PathSizes => path is null ? default : new(2 * Signature.InputSize, Sums.Sum(SizeOf), path.IsSteep);

    /// <summary>The nodes whose inputs' multipliers are summed over the steps.</summary>
    private List<int> Sums => [.. Enumerable.Range(0, path!.Nodes.Count).Where(node => path.Nodes[node].Op is SumSteps)];

    public bool Follows(int from, int to) => PointOf(from) is not null && (to < 0 || PointOf(to) is not null);

    public void BeginPaths(ReadOnlySpan<double> x, ReadOnlySpan<double> reference, Span<double> kept, int paths)
    {
        var size = Signature.InputSize;
        for (var i = 0; i < paths; i++)
        {
            x.Slice(i * size, size).CopyTo(kept[(2 * i * size)..]);
            reference.Slice(i * size, size).CopyTo(kept[((2 * i + 1) * size)..]);
        }
    }

    public void StepPath(ref BackwardArguments<double> arguments)
    {
        for (var answer = 0; answer < arguments.Answers; answer++)
            WalkOnce(arguments.Of(answer));
    }

    private void WalkOnce(BackwardArguments<double> arguments)
    {
        var (from, to) = (PointOf(arguments.From)!, arguments.To < 0 ? null : PointOf(arguments.To));
        var wanted = to is null
            ? [.. Sums.Select(sum => path!.Nodes[sum].Inputs[0])]
            : new List<int> { to.Multipliers!.Value.Positive, to.Value };
        var given = Ends(arguments.Kept) with
        {
            Alphas = arguments.Alphas[..arguments.Rows].ToArray(),
            Seed = (arguments.From, Block.FromRows(arguments.Seed, arguments.SeedRows, 0, from.Point.Shape.Size)),
        };
        var values = alongPath!.Evaluate(given, [.. wanted, from.Value]);
        WriteRows([values[from.Value]!], arguments.FromValue, arguments.Rows);
        if (to is not null)
        {
            WriteRows([values[to.Multipliers!.Value.Positive] ?? new Block(to.Point.Shape.Size, 1)], arguments.Multipliers, arguments.Rows);
            WriteRows([values[to.Value]!], arguments.ToValue, arguments.Rows);
            return;
        }
        var start = 0;
        foreach (var node in wanted)
        {
            for (var at = 0; values[node] is { } m && at < arguments.Weights.Length; at++)
            {
                var (sum, row) = Math.DivRem(at, arguments.Rows);
                for (var i = 0; i < m.Size && arguments.Weights[at] != 0; i++)
                    arguments.Sums[sum * arguments.SumStride + start + i] += arguments.Weights[at] * m[i][m.Rows == 1 ? 0 : row];
            }
            start += SizeOf(node);
        }
    }

    public void EndPaths(ReadOnlySpan<double> sums, ReadOnlySpan<double> kept, Span<double> multipliers, int paths)
    {
        for (var i = 0; i < paths; i++)
        {
            var (blocks, start) = (new Dictionary<int, Block>(), i * PathSizes.Sums);
            foreach (var node in Sums)
            {
                blocks[node] = Block.FromRows(sums.Slice(start, SizeOf(node)), 1, 0, SizeOf(node));
                start += SizeOf(node);
            }
            var values = alongPath!.Evaluate(Ends(kept[(i * PathSizes.Kept)..]) with { Sums = blocks },
                path!.Results.ToArray().OfType<Generator.Derive.Multipliers>().Select(result => result.Positive));
            WriteRows([.. path.Results
                .Select((result, k) =>
                    result is { } multipliers ? values[multipliers.Positive]! : new Block(Signature.Inputs[k].Shape.Size, 1))],
                multipliers.Slice(i * Signature.InputSize, Signature.InputSize), 1);
        }
    }

    private Given Ends(ReadOnlySpan<double> kept) =>
        new(Inputs(kept[..Signature.InputSize], 1)) { References = Inputs(kept.Slice(Signature.InputSize, Signature.InputSize), 1) };

    private PointNodes? PointOf(int point) => point < 0 ? null : path?.Points.FirstOrDefault(asked => asked.Index == point);

    private int SizeOf(int node) => path!.Nodes[node].Shape!.Size;
}
