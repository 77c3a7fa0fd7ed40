namespace Whence.Trials.Tests;

/// <summary>A compiled network beside its eager Forward.</summary>
internal sealed record Trial(string Name, INetwork Net, Func<Tensor[], Tensor[]> Forward)
{
    public override string ToString() => Name;

    public double[] Eager(ReadOnlySpan<float> row)
    {
        var inputs = new List<Tensor>();
        var start = 0;
        foreach (var tensor in Net.Signature.Inputs)
        {
            inputs.Add(new Tensor(tensor.Shape, row.Slice(start, tensor.Shape.Size)));
            start += tensor.Shape.Size;
        }
        return [.. Forward([.. inputs]).SelectMany(output => output.Values.ToArray())];
    }

    public float[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * Net.Signature.InputSize).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }

    public static Trial[] All { get; } = Make();

    private static Trial[] Make()
    {
        var tabular = Tabular.Load(Weights.Random(3));
        var sequence = Sequence.Load(Weights.Random(3));
        var inception = SmallInception.Load(Weights.Random(3));
        var price = PriceAndRisk.Load(Weights.Random(3));
        var siamese = Siamese.Load(Weights.Random(3));
        var readers = ManyReaders.Load(Weights.Random(3));
        var crops = Crops.Load(Weights.Random(3));
        var through = PassThrough.Load(Weights.Random(3));
        var squares = Squares.Load(Weights.Random(3));
        var pools = Pools.Load(Weights.Random(3));
        var recurrence = Recurrence.Load(Weights.Random(3));
        return
        [
            new("Tabular", tabular, x => [tabular.Forward(x[0])]),
            new("Sequence", sequence, x => [sequence.Forward(x[0])]),
            new("SmallInception", inception, x => [inception.Forward(x[0])]),
            new("PriceAndRisk", price, x => { var (a, b) = price.Forward(x[0], x[1]); return [a, b]; }),
            new("Siamese", siamese, x => [siamese.Forward(x[0], x[1])]),
            new("ManyReaders", readers, x => [readers.Forward(x[0], x[1])]),
            new("Crops", crops, x => [crops.Forward(x[0])]),
            new("PassThrough", through, x => { var (a, b, c, d) = through.Forward(x[0], x[1]); return [a, b, c, d]; }),
            new("Squares", squares, x => [squares.Forward(x[0])]),
            new("Pools", pools, x => [pools.Forward(x[0])]),
            new("Recurrence", recurrence, x => [recurrence.Forward(x[0])]),
        ];
    }
}
