namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>Refuses what cannot be answered, naming the argument, what was expected and what was found.</summary>
internal static class Check
{
    // No two floats up to it are farther apart than what a float holds.
    private const double Half = float.MaxValue / 2;

    /// <summary>The most counterfactual rows that a method asks of an input.</summary>
    public const int MostRows = 1 << 26;

    /// <summary>How many rows a method asks, if that is not too many.</summary>
    public static int RowCount(Int128 rows, string argument, string method) => rows <= MostRows ? (int)rows
        : throw new ArgumentException($"{method} would ask {rows} rows of each input, but at most {MostRows} are asked; ask for fewer.",
            argument);

    /// <summary>That an array does not hold as much.</summary>
    public static ArgumentException TooLong(Int128 elements, string argument, string what) =>
        new($"{what} would be {elements} elements, but an array holds at most {Array.MaxLength}; ask for fewer at a time.", argument);

    public static int Layer(Signature signature, string layer, string argument)
    {
        ArgumentNullException.ThrowIfNull(layer, argument);
        for (var i = 0; i < signature.Points.Count; i++)
        {
            if (signature.Points[i].Kind == PointKind.Layer && signature.Points[i].Name == layer)
                return i;
        }
        throw NoLayer(signature, layer, argument);
    }

    // Apart, so that what it takes to say it is not made where there is a layer.
    private static ArgumentException NoLayer(Signature signature, string layer, string argument)
    {
        var layers = signature.Layers.Select(point => point.Name).ToList();
        var known = layers.Count == 0 ? "no layers" : $"only {Listing.Quoted(layers, " and ")}";
        if (signature.Outputs.Any(output => output.Name == layer))
        {
            var of = signature.Outputs.Count == 1 ? "" : $".Of(\"{layer}\")";
            return new ArgumentException($"\"{layer}\" is an output of {signature.Name}, which was compiled to ask about {known}; of an "
                + $"output say Target.Unit(0){of}, and .OfOutput() for what is above its logits.", argument);
        }
        return new ArgumentException($"{signature.Name} was compiled to ask about {known}, not \"{layer}\"; {Advice(layers, layer)}",
            argument);
    }

    /// <summary>
    /// What to write instead of a layer that was not compiled. A layer that is called several times is only asked about by a call's number
    /// or ".*", and one that is called once by its name, so that adding the other form to the network would be refused in turn.
    /// </summary>
    private static string Advice(IReadOnlyList<string> layers, string asked)
    {
        var add = $"add it to [Network(Layers = [\"{asked}\"])].";
        var (stem, one) = Call(asked);
        var calls = layers.Where(other => Call(other) is { Call: not null } call && call.Stem == stem).ToList();
        if (calls.Count > 0)
            return $"did you mean {Listing.Quoted(calls, " or ")}?{(one is null ? "" : $" If not, {add}")}";
        if (one is not null && layers.Contains(stem))
            return $"did you mean \"{stem}\"?";
        return TensorNames.Nearest(asked, layers) is { } meant ? $"did you mean \"{meant}\"? If not, {add}" : add;
    }

    /// <summary>"Fc.2" is the call "2" of "Fc".</summary>
    private static (string Stem, string? Call) Call(string layer)
    {
        var dot = layer.LastIndexOf('.');
        return dot > 0 && (layer[(dot + 1)..] == "*" || int.TryParse(layer.AsSpan(dot + 1), out _))
            ? (layer[..dot], layer[(dot + 1)..])
            : (layer, null);
    }

    /// <summary>The place of an input of this name that is not held fixed; null means the first.</summary>
    public static int InputIndex(Signature signature, string? input, string argument)
    {
        for (var i = 0; i < signature.Inputs.Count; i++)
        {
            if (!signature.Inputs[i].IsMask && (input is null || signature.Inputs[i].Name == input))
                return i;
        }
        var names = Listing.Quoted(signature.Inputs.Where(tensor => !tensor.IsMask).Select(tensor => tensor.Name));
        throw new ArgumentException($"{signature.Name} has the inputs {names} to change, not \"{input}\".", argument);
    }

    public static void Window(Signature signature, SlidingWindow window)
    {
        var tensor = signature.Inputs[InputIndex(signature, window.Input, nameof(window))];
        if (window.Sizes.Length != tensor.Shape.Rank)
            throw new ArgumentException($"The window must have a size for each axis of {tensor.Name} {tensor.Shape}, which has "
                + $"{(tensor.Shape.Rank == 1 ? "1 axis" : $"{tensor.Shape.Rank} axes")}, but has "
                + $"{(window.Sizes.Length == 1 ? "1 size" : $"{window.Sizes.Length} sizes")}.", nameof(window));
        Boxed(tensor, nameof(window));
    }

    /// <summary>That boxes of the input can be said.</summary>
    public static void Boxed(TensorInfo tensor, string argument)
    {
        if (tensor.Shape.Rank > Authoring.Box.MostAxes)
            throw new ArgumentException($"Parts of an input are changed on at most {Authoring.Box.MostAxes} axes, but {tensor.Name} "
                + $"{tensor.Shape} has {tensor.Shape.Rank}; declare it with fewer, and Reshape it in Forward.", argument);
    }

    /// <summary>Refuses a neuron that a layer does not have: of all its calls, that one call does not have.</summary>
    public static void Unit(NetworkPoint layer, int unit, string argument)
    {
        var size = Sizes.Of(layer.ScoreShape);
        if ((uint)unit >= (uint)size)
        {
            throw new ArgumentOutOfRangeException(argument, unit, $"Layer {layer.Name} {layer.ScoreShape} has {size} units"
                + $"{(layer.Calls == 1 ? "" : " in each call")}, counted from 0, but unit {unit} was asked for.");
        }
    }

    /// <summary>Refuses inputs without channels.</summary>
    public static void Channels(Signature signature)
    {
        for (var i = 0; i < signature.Inputs.Count; i++)
        {
            if (!signature.Inputs[i].IsMask && signature.Inputs[i].Shape.Rank < 2)
            {
                throw new ArgumentException("Hypothetical contributions need one-hot inputs [channels, positions], but "
                    + $"{signature.Inputs[i].Name} is {signature.Inputs[i].Shape}.", "scores");
            }
        }
    }

    /// <summary>Refuses recipes that no executor can carry out.</summary>
    public static void Recipe(Signature signature, in Recipe recipe)
    {
        if (string.IsNullOrWhiteSpace(recipe.Name))
            throw new ArgumentException($"A method's recipe has a {nameof(recipe.Name)}, but this one has none.", "method");
        var wrong = Undefined(recipe) ?? WrongPoints(signature, recipe) ?? WrongFold(recipe) ?? WrongScores(signature, recipe);
        if (wrong is not null)
            throw new ArgumentException($"{recipe.Name} is no method: {wrong}.", "method");
        Groups(signature, recipe.Groups);
    }

    private static string? Undefined(in Recipe recipe) =>
        recipe.Rows < 1 ? $"there is at least 1 row, but {nameof(recipe.Rows)} is {recipe.Rows}"
        : recipe.Rows > MostRows ? $"there are at most {MostRows} rows, but {nameof(recipe.Rows)} is {recipe.Rows}"
        : !Enum.IsDefined(recipe.Fold) ? $"{nameof(recipe.Fold)} is {(int)recipe.Fold}, which there is not"
        : !Enum.IsDefined(recipe.Finish) ? $"{nameof(recipe.Finish)} is {(int)recipe.Finish}, which there is not"
        : recipe.Pass is { } pass && !Enum.IsDefined(pass) ? $"{nameof(recipe.Pass)} is {(int)pass}, which there is not"
        : recipe.Quadrature is { } quadrature && !Enum.IsDefined(quadrature)
            ? $"{nameof(recipe.Quadrature)} is {(int)quadrature}, which there is not"
        : recipe.ScoreSize < 0 ? $"{nameof(recipe.ScoreSize)} is {recipe.ScoreSize}"
        : recipe.Steps < 0 ? $"{nameof(recipe.Steps)} is {recipe.Steps}"
        : recipe.Scratch is { Numbers: < 0 } or { Places: < 0 } or { Flags: < 0 } ? $"{nameof(recipe.Scratch)} is {recipe.Scratch}"
        : null;

    private static string? WrongPoints(Signature signature, in Recipe recipe) =>
        !IsPoint(signature, recipe.To) ? $"{nameof(recipe.To)} is {recipe.To}, which is no point of {signature.Name}"
        : !IsPoint(signature, recipe.PlacedAt) ? $"{nameof(recipe.PlacedAt)} is {recipe.PlacedAt}, which is no point of {signature.Name}"
        : recipe.Through is not { } neuron ? null
        : neuron.Point < 0 || !IsPoint(signature, neuron.Point) ? $"the neuron is of {neuron.Point}, which is no point"
        : signature.Points[neuron.Point] is var point && (uint)neuron.Unit >= (uint)Sizes.Of(point.ScoreShape)
            ? $"the neuron is unit {neuron.Unit} of {point.Name} {point.ScoreShape}, whose units are counted from 0 to "
                + $"{Sizes.Of(point.ScoreShape) - 1}"
        : null;

    private static string? WrongFold(in Recipe recipe)
    {
        var asksForward = recipe.Fold is Fold.Values or Fold.Outcomes;
        return asksForward != recipe.Pass is null
                ? $"{recipe.Fold} takes {(asksForward ? "forward passes alone: Pass is null" : "a pass")}"
            : asksForward && (recipe.To >= 0 || recipe.Through is not null || recipe.PlacedAt >= 0)
                ? $"{recipe.Fold} is of the inputs alone"
            : recipe.IsMasked && recipe.Fold != Fold.Outcomes ? $"rows are masked of {Fold.Outcomes} alone"
            : recipe.IsMasked && !recipe.Compares ? $"what is masked becomes the reference's, but it does not say {nameof(recipe.Compares)}"
            : recipe.Groups is not null && !recipe.IsMasked
                ? $"{nameof(recipe.Groups)} are of masked rows, but it does not say {nameof(recipe.IsMasked)}"
            : recipe.Fold is Fold.Moves or Fold.MovesBetween && (recipe.To < 0 || recipe.PerInput) ? $"{recipe.Fold} is of a layer's pairs"
            : recipe.PlacedAt >= 0 && (recipe.To != recipe.PlacedAt || recipe.Fold != Fold.WeightedSum || recipe.PerInput)
                ? $"rows placed at a layer have scores of that layer, by {Fold.WeightedSum}"
            : recipe.Fold == Fold.Contributions && recipe.To >= 0 && !Layout.Compares(recipe.Pass)
                ? $"contributions of a layer are of its difference, and {recipe.Pass} compares it with none"
            : recipe.Fold == Fold.Contributions && !recipe.Compares
                ? $"contributions are of a difference, but it does not say {nameof(recipe.Compares)}"
            : !recipe.Compares && (Layout.Compares(recipe.Pass) || recipe.PlacedAt >= 0 || recipe.Fold == Fold.Moves)
                ? $"it compares with a reference, but does not say {nameof(recipe.Compares)}"
            : recipe.IsComplete && !recipe.Compares && recipe.Fold is not (Fold.PerRow or Fold.Values)
                ? $"scores that are complete sum to a difference from the reference, but it does not say {nameof(recipe.Compares)}"
            : null;
    }

    private static string? WrongScores(Signature signature, in Recipe recipe) =>
        recipe.Finish != Finish.None && recipe.Fold is not (Fold.PerRow or Fold.WeightedSum)
            ? $"{recipe.Fold} has no {nameof(recipe.Finish)}"
        : recipe.Fold == Fold.WeightedSum && recipe.Finish is not (Finish.None or Finish.TimesDifference)
            ? $"{recipe.Fold} cannot be {recipe.Finish}"
        : recipe.Fold == Fold.WeightedSum && recipe.Finish == Finish.TimesDifference && (recipe.PerInput || recipe.To != recipe.PlacedAt)
            ? "there is no difference to multiply by"
        : recipe.Finish == Finish.TimesDifference && !recipe.Compares
            ? $"it multiplies by the difference from the reference, but does not say {nameof(recipe.Compares)}"
        : recipe.Finish is Finish.TimesInput or Finish.TimesDifference && recipe.To >= 0 && recipe.PlacedAt < 0
            ? $"{recipe.Finish} is of the inputs alone"
        : recipe.Finish is Finish.TimesValue or Finish.ChannelMeans or Finish.PositiveChannelMeans && recipe.To < 0
            ? $"{recipe.Finish} is of a layer: {nameof(recipe.To)} says of which"
        : recipe.ScoreSize > 0
            && recipe.Fold != Fold.Outcomes
            && recipe.Finish is not (Finish.ChannelMeans or Finish.PositiveChannelMeans)
            ? $"{recipe.Fold} has scores of the elements that {nameof(recipe.To)} has, and no {nameof(recipe.ScoreSize)} of its own"
        : recipe.ScoreSize > 0 && recipe.Fold != Fold.Outcomes && Layout.ToSize(signature, recipe) % recipe.ScoreSize != 0
            ? $"{nameof(recipe.ScoreSize)} is {recipe.ScoreSize}, but channels of {Layout.ToSize(signature, recipe)} elements are as large "
                + "as one another"
        : recipe.ScoreColumns < 0 || recipe.ScoreColumns > 0 && (recipe.ScoreSize == 0 || recipe.ScoreSize % recipe.ScoreColumns != 0)
            ? $"{nameof(recipe.ScoreColumns)} is {recipe.ScoreColumns}, but {nameof(recipe.ScoreSize)} {recipe.ScoreSize} is no multiple "
                + "of it"
        : null;

    private static bool IsPoint(Signature signature, int point) => point >= -1 && point < signature.Points.Count;

    public static void Groups(Signature signature, FeatureGroups? groups)
    {
        if (groups is not null && groups.Size != signature.InputSize)
            throw new ArgumentException($"The groups must say of each of {signature.Name}'s {signature.InputSize} input elements where it "
                + $"belongs, but do so of {groups.Size}.", nameof(groups));
    }

    public static void Pass(Signature signature, Pass pass, string argument)
    {
        for (var i = 0; i < signature.Passes.Count; i++)
        {
            if (signature.Passes[i] == pass)
                return;
        }
        throw new ArgumentException($"{signature.Name} was not compiled for {pass}; add Methods.{pass} to [Network(Explain = ...)].",
            argument);
    }

    public static void InputLength(Signature signature, int found, int count) => Length(signature, found, count, "x", "input");

    public static void Input<T>(Signature signature, ReadOnlySpan<T> x, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count < 0)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The number of inputs is at least 0, but is {count}.");
        InputLength(signature, x.Length, count);
        Finite(signature, x, nameof(x), "input");
    }

    public static void References<T>(IModel<T> net, scoped in References<T> references, int count, bool single)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!references.IsGiven)
            return;
        var signature = net.Signature;
        if (references.Each < 1)
            throw new ArgumentOutOfRangeException(nameof(references), references.Each,
                $"There is at least 1 reference for an input, but {references.Each} were announced.");
        if (single && references.Each != 1)
            throw new ArgumentException($"This method takes 1 reference for an input, but {references.Each} were given.",
                nameof(references));
        var expected = (long)references.Each * (references.IsPerInput ? count : 1);
        Length(signature, references.Rows.Length, expected, nameof(references), "reference");
        if (references.Prepared is null)
            Finite(signature, references.Rows, nameof(references), "reference");
        else if (!ReferenceEquals(references.Prepared.Network, net))
            throw new ArgumentException($"The references were prepared for another network than this {signature.Name}; call Prepare on the "
                + "network that explains.", nameof(references));
    }

    /// <summary>Refuses inputs that are held at other values than the prepared references' own.</summary>
    public static void PreparedMasks<T>(Signature signature, ReadOnlySpan<T> x, int count, scoped in References<T> references)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (references.Prepared is null || !signature.HasMasks)
            return;
        var size = signature.InputSize;
        for (var input = 0; input < count; input++)
        {
            for (var r = 0; r < references.Each; r++)
            {
                var at = Masks.FirstDifference(signature, x.Slice(input * size, size), references.Rows.Slice(r * size, size));
                if (at < 0)
                    continue;
                var (tensor, within) = Place(signature, at);
                throw new ArgumentException($"{tensor.Name} is held fixed, so that inputs must have the prepared reference's values of it, "
                    + $"but element {within} is {references.Rows[r * size + at]} in prepared reference {r} and {x[input * size + at]} in "
                    + $"input {input}; prepare a reference with this input's {tensor.Name}, or give the reference without "
                    + "Prepare.", nameof(references));
            }
        }
    }

    /// <summary>The input to which an element of a row belongs, and its place there.</summary>
    public static (TensorInfo Input, int Within) Place(Signature signature, int element)
    {
        var input = 0;
        while (element >= Sizes.Of(signature.Inputs[input].Shape))
            element -= Sizes.Of(signature.Inputs[input++].Shape);
        return (signature.Inputs[input], element);
    }

    /// <summary>Refuses inputs farther from their references than what a float holds.</summary>
    public static void Distances<T>(Signature signature, ReadOnlySpan<T> x, int count, scoped in References<T> references)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) || !references.IsGiven || Rows.Largest(x) <= Half && Rows.Largest(references.Rows) <= Half)
            return;
        var size = signature.InputSize;
        for (var at = 0; at < x.Length; at++)
        {
            var (tensor, within) = Place(signature, at % size);
            for (var r = 0; r < references.Each && !tensor.IsMask; r++)
            {
                var own = references.IsPerInput ? at / size * references.Each + r : r;
                var start = references.Rows[own * size + at % size];
                if (Math.Abs(double.CreateTruncating(x[at]) - double.CreateTruncating(start)) <= float.MaxValue)
                    continue;
                throw new ArgumentException($"Inputs must be within {float.MaxValue:g3} of their references, but element {within} of "
                    + $"{tensor.Name} {tensor.Shape} is {x[at]} in input {at / size} and {start} in its reference.", nameof(x));
            }
        }
    }

    public static void Targets(scoped in Targets targets, int count)
    {
        if (targets.IsPerInput && targets.Given.Length != count)
            throw new ArgumentException($"There must be one target for each of the {count} inputs, but there are {targets.Given.Length}.",
                nameof(targets));
    }

    public static void Alphas(ReadOnlySpan<double> alphas, string argument)
    {
        if (alphas.IsEmpty)
            throw new ArgumentException("There must be at least one point on the path, but there is none.", argument);
        foreach (var alpha in alphas)
        {
            if (!double.IsFinite(alpha))
                throw new ArgumentException($"A point on the path must be finite, but one is {alpha}.", argument);
        }
    }

    public static void Output(int found, long expected, string argument)
    {
        if (found != expected)
            throw new ArgumentException($"{argument} must have {expected} elements for this question, but has {found}.", argument);
    }

    public static void OutputOrNone(int found, long expected, string argument)
    {
        if (found != 0)
            Output(found, expected, argument);
    }

    public static void Options(ExplainOptions options)
    {
        if (options.Threads < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads,
                $"ExplainOptions.Threads is at least 1, but is {options.Threads}.");
        if (options.RequireGap is { } gap && !(gap >= 0))
            throw new ArgumentOutOfRangeException(nameof(options), gap, $"ExplainOptions.RequireGap is at least 0, but is {gap}.");
        if (options is SamplingOptions { Samples: < 1 or > MostRows } sampling)
            throw new ArgumentOutOfRangeException(nameof(options), sampling.Samples,
                $"SamplingOptions.Samples is at least 1 and at most {MostRows}, but is {sampling.Samples}.");
        if (options is not PathOptions path)
            return;
        if (path.Steps < 1)
            throw new ArgumentOutOfRangeException(nameof(options), path.Steps, $"PathOptions.Steps is at least 1, but is {path.Steps}.");
        if (path.Points is null && path.Steps > PathPoints.Most(path.Quadrature))
            throw new ArgumentOutOfRangeException(nameof(options), path.Steps,
                PathPoints.TooMany(path.Quadrature, path.Steps, "PathOptions.Steps"));
        if (!Enum.IsDefined(path.ConductanceSum))
            throw new ArgumentOutOfRangeException(nameof(options), path.ConductanceSum,
                $"There is no {nameof(PathOptions.ConductanceSum)} {path.ConductanceSum}.");
        if (path.MaxSteps < 1)
            throw new ArgumentOutOfRangeException(nameof(options), path.MaxSteps,
                $"PathOptions.MaxSteps is at least 1, but is {path.MaxSteps}.");
        if (path.Tolerance is not { } tolerance)
            return;
        if (!(tolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(options), tolerance, $"PathOptions.Tolerance is over 0, but is {tolerance}.");
        if (path.MaxSteps < path.Steps)
            throw new ArgumentOutOfRangeException(nameof(options), path.MaxSteps,
                $"PathOptions.MaxSteps is at least Steps, {path.Steps}, but is {path.MaxSteps}.");
    }

    private static void Length(Signature signature, int found, long rows, string argument, string row)
    {
        var size = signature.InputSize;
        if (found == rows * size)
            return;
        var laidOut = Listing.Of(signature.Inputs.Select(tensor => $"{tensor.Name} {tensor.Shape}"), " then ");
        throw new ArgumentException($"{argument} must hold {rows} {row}{(rows == 1 ? "" : "s")} of {size} elements ({laidOut}), "
            + $"{rows * size} in all, but holds {found}.", argument);
    }

    private static void Finite<T>(Signature signature, ReadOnlySpan<T> x, string argument, string row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = signature.InputSize;
        for (var start = 0; Rows.FirstNonFinite(x[start..]) is var next and >= 0; start += next + 1)
        {
            var at = start + next;
            var (tensor, within) = Place(signature, at % size);
            // What is added to attention's scores so that a place is not seen.
            if (!tensor.IsMask || !T.IsNegativeInfinity(x[at]))
                throw new ArgumentException($"{argument} must be finite, but element {within} of {tensor.Name} {tensor.Shape} in {row} "
                    + $"{at / size} is {x[at]}.", argument);
        }
    }
}
