using Whence.Authoring;

namespace Whence.Runtime.Tests.Explaining;

/// <summary>
/// What an author can say of a method that no executor could carry out, in its recipe and of its rows, is refused and named.
/// </summary>
public class OwnMethodsThatAreWrong
{
    private static readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private static readonly double[] x = [0.3, -0.4, 0.5, 0.2, -0.1];

    private static readonly Recipe plain = new() { Name = "Mine", Compares = true };
    private static readonly Recipe sum = plain with { Fold = Fold.WeightedSum };
    private static readonly Recipe outcomes = plain with { Fold = Fold.Outcomes, Pass = null };

    private static readonly Dictionary<string, Recipe> recipes = new()
    {
        ["A method's recipe has a Name, but this one has none."] = plain with { Name = null! },
        ["A method's recipe has a Name, but this one has none. "] = plain with { Name = " " },
        ["Mine is no method: there is at least 1 row, but Rows is -3."] = plain with { Rows = -3 },
        ["Mine is no method: Fold is 77, which there is not."] = plain with { Fold = (Fold)77 },
        ["Mine is no method: Finish is -1, which there is not."] = plain with { Finish = (Finish)(-1) },
        ["Mine is no method: Pass is 99, which there is not."] = plain with { Pass = (Pass)99 },
        ["Mine is no method: Quadrature is 9, which there is not."] = sum with { Quadrature = (Quadrature)9 },
        ["Mine is no method: Steps is -1."] = sum with { Steps = -1 },
        ["Mine is no method: ScoreSize is -1."] = outcomes with { ScoreSize = -1 },
        ["Mine is no method: Scratch is ScratchSize { Numbers = 0, Places = -2, Flags = 0 }."] = outcomes with { Scratch = new(
            Places: -2) },
        ["Mine is no method: the neuron is unit 4 of Hidden [2, 2], whose units are counted from 0 to 3."] =
            sum with { Through = new(SmallNet<double>.Layer, 4) },
        ["Mine is no method: the neuron is of 5, which is no point."] = sum with { Through = new(5, 0) },
        ["Mine is no method: Groups are of masked rows, but it does not say IsMasked."] =
            outcomes with { Groups = new FeatureGroups([0, 0, 1, 1, 1]) },
        ["The groups must say of each of SmallNet's 5 input elements where it belongs, but do so of 2."] =
            outcomes with { Groups = new FeatureGroups([0, 1]), IsMasked = true },
        ["Mine is no method: contributions of a layer are of its difference, and Gradient compares it with none."] =
            plain with { Fold = Fold.Contributions, To = SmallNet<double>.Layer },
        ["Mine is no method: it compares with a reference, but does not say Compares."] =
            plain with { Pass = Pass.Rescale, Compares = false },
        ["Mine is no method: scores that are complete sum to a difference from the reference, but it does not say Compares."] =
            sum with { IsComplete = true, Compares = false },
        ["Mine is no method: it multiplies by the difference from the reference, but does not say Compares."] =
            plain with { Finish = Finish.TimesDifference, Compares = false },
        ["Mine is no method: TimesInput is of the inputs alone."] = plain with { Finish = Finish.TimesInput, To = SmallNet<double>.Layer },
        ["Mine is no method: TimesDifference is of the inputs alone."] =
            plain with { Finish = Finish.TimesDifference, To = SmallNet<double>.Layer },
        ["Mine is no method: TimesValue is of a layer: To says of which."] = plain with { Finish = Finish.TimesValue },
        ["Mine is no method: ChannelMeans is of a layer: To says of which."] = plain with { Finish = Finish.ChannelMeans },
        ["Mine is no method: WeightedSum has scores of the elements that To has, and no ScoreSize of its "
            + "own."] = sum with { ScoreSize = 3 },
        ["Mine is no method: PerRow has scores of the elements that To has, and no ScoreSize of its own."] = plain with { ScoreSize = 9 },
        ["Mine is no method: ScoreSize is 3, but channels of 4 elements are as large as one another."] =
            plain with { Finish = Finish.ChannelMeans, To = SmallNet<double>.Layer, ScoreSize = 3 },
    };

    public static TheoryData<string> Refusals => [.. recipes.Keys];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void ARecipeIsRefused(string message)
    {
        var error = Assert.Throws<ArgumentException>(() => Ask(recipes[message], (ref RowSpec _) => { }));
        Assert.StartsWith(message.Trim(), error.Message, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, Placing> rows = new()
    {
        ["Alpha must be finite, but is NaN"] = (ref RowSpec spec) => spec.Alpha = double.NaN,
        ["Alpha must be finite, but is -Infinity"] = (ref RowSpec spec) => spec.Alpha = double.NegativeInfinity,
        ["Weight must be finite, but is Infinity"] = (ref RowSpec spec) => spec.Weight = double.PositiveInfinity,
        ["Cut must be finite, but is NaN"] = (ref RowSpec spec) => spec.Cut = double.NaN,
        ["Pair is not to be set, but is 7"] = (ref RowSpec spec) => spec.Pair = 7,
        ["it asks for reference 1 of an input, but there are 1, counted from 0"] = (ref RowSpec spec) => spec.Reference = 1,
        ["Fill is 5, which there is not"] = (ref RowSpec spec) => spec.Fill = (Fill)5,
        ["its box is of input 2, but there are 2, counted from 0"] = (ref RowSpec spec) => Fill(ref spec, 2, (0, 0, 1)),
        ["its box is of input -1, but there are 2, counted from 0"] = (ref RowSpec spec) => Fill(ref spec, -1, (0, 0, 1)),
        ["its box goes from 1 to 3 on axis 0 of sequence [2, 2]"] = (ref RowSpec spec) => Fill(ref spec, 0, (0, 1, 2), (1, 0, 1)),
        ["its box goes from -1 to 0 on axis 1 of sequence [2, 2]"] = (ref RowSpec spec) => Fill(ref spec, 0, (0, 0, 1), (1, -1, 1)),
        ["its box goes from 0 to 1 on axis 2 of sequence [2, 2]"] = (ref RowSpec spec) =>
            Fill(ref spec, 0, (0, 0, 1), (1, 0, 1), (2, 0, 1)),
        ["its box has no elements on axis 1 of sequence [2, 2]"] = (ref RowSpec spec) => Fill(ref spec, 0, (0, 0, 1)),
        ["Letter is 4, but sequence [2, 2] has 4 elements, counted from 0"] = (ref RowSpec spec) =>
        {
            Fill(ref spec, 0, (0, 0, 2), (1, 0, 1));
            (spec.Fill, spec.Letter) = (Authoring.Fill.Letter, 4);
        },
    };

    public static TheoryData<string> Placings => [.. rows.Keys];

    [Theory]
    [MemberData(nameof(Placings))]
    public void ARowIsRefused(string message)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Ask(sum, rows[message]));
        Assert.Equal($"Mine places row 0 wrongly: {message}.", error.Message);
    }

    [Fact]
    public void BeyondThePathIsARow()
    {
        var reference = new double[x.Length];
        var twice = x.Select(value => 2 * value).ToArray();
        var expected = new double[x.Length];
        SpanExplainers.Gradient<double>(net, twice, 1, Target.Unit(1), expected);
        Assert.Equal(expected, Ask(sum, (ref RowSpec spec) => spec.Alpha = 2));
    }

    private static void Fill(ref RowSpec spec, int input, params (int Axis, int First, int Extent)[] axes)
    {
        spec.Fill = Authoring.Fill.Reference;
        spec.Box = new Box { Input = input };
        foreach (var (axis, first, extent) in axes)
            spec.Box.Set(axis, first, extent);
    }

    private static double[] Ask(Recipe recipe, Placing placing)
    {
        var scores = new double[x.Length];
        SpanExplainers.With<double, Given>(net, new Given(recipe, placing), x, 1, Target.Unit(1), new double[x.Length], scores);
        return scores;
    }

    private delegate void Placing(ref RowSpec spec);

    private readonly struct Given(Recipe recipe, Placing placing) : IMethod
    {
        public Recipe Recipe(Signature net) => recipe;

        public void Place(int row, ref RowSpec spec) => placing(ref spec);

        public void Mask(int row, Scratch scratch, Span<bool> present)
        {
        }

        public void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
        {
        }
    }
}
