namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>
/// Whole straight paths, x0 + alpha (x - x0), all with the same steps: of each the weighted sum over the steps of the multipliers that come
/// back to the inputs. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct PathArguments
{
    /// <summary>[Pairs, InputSize]: where the paths end.</summary>
    public Rows X;

    /// <summary>[ReferenceRows, InputSize]: where they begin; inputs held fixed as X has them.</summary>
    public Rows References;

    /// <summary>1 (one reference for every path) or Pairs.</summary>
    public int ReferenceRows;

    /// <summary>[Steps]: how far along the path each step lies, 0 at the reference and 1 at the input.</summary>
    public Rows Alphas;

    /// <summary>[Steps]: what the multipliers of each step are multiplied by in the sum; a step of weight 0 adds nothing.</summary>
    public Rows Weights;

    /// <summary>How many steps a path has; at least 1.</summary>
    public int Steps;

    /// <summary>How many paths; at least 1.</summary>
    public int Pairs;

    /// <summary>The point whose units are explained.</summary>
    public int From;

    /// <summary>[Answers, SeedRows, size of From]: the weight of each unit.</summary>
    public Rows Seed;

    /// <summary>1 (one seed for every path) or Pairs.</summary>
    public int SeedRows;

    /// <summary>How many answers the paths get, each of a seed of its own; see <see cref="Of"/>.</summary>
    public int Answers;

    /// <summary>What a path keeps and sums, where it goes by <see cref="GpuPrograms.PathBegin"/>.</summary>
    public PathSizes Sizes;

    /// <summary>Out, [Answers, Pairs, InputSize]: the sums, not yet times x - x0; of inputs held fixed 0.</summary>
    public Rows Multipliers;

    /// <summary>The paths of one answer.</summary>
    public readonly PathArguments Of(int answer)
    {
        if (Answers == 1)
            return this;
        var one = this;
        one.Answers = 1;
        one.Seed = Part(Seed, answer);
        one.Multipliers = Part(Multipliers, answer);
        return one;
    }

    /// <summary>Some of the paths of one answer.</summary>
    internal readonly PathArguments Part(int first, int pairs)
    {
        var size = Multipliers.Length / Pairs;
        var seed = Seed.Length / SeedRows;
        return this with
        {
            Pairs = pairs, X = X.Slice(first * size, pairs * size),
            References = ReferenceRows == 1 ? References : References.Slice(first * size, pairs * size),
            ReferenceRows = ReferenceRows == 1 ? 1 : pairs,
            Seed = SeedRows == 1 ? Seed : Seed.Slice(first * seed, pairs * seed),
            SeedRows = SeedRows == 1 ? 1 : pairs,
            Multipliers = Multipliers.Slice(first * size, pairs * size),
        };
    }

    private readonly Rows Part(Rows all, int answer) => all.Slice(answer * (all.Length / Answers), all.Length / Answers);
}
