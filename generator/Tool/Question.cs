using System.Globalization;
using Whence.Import;

namespace Whence.Tool;

/// <summary>What is asked about a network's answer.</summary>
/// <param name="Target">The target.</param>
/// <param name="Name">It, for people.</param>
/// <param name="Answer">What the network answers, as a sentence.</param>
/// <param name="Outputs">The first output's values.</param>
internal sealed record Question(Target Target, string Name, string Answer, float[] Outputs)
{
    /// <summary>Runs the network and finds the unit that is asked about.</summary>
    /// <exception cref="ImportException">There is no such unit or file of names.</exception>
    public static Question Ask(INetwork network, float[] row, string? target, string? minus, bool ofOutput, string? labels)
    {
        var output = network.Signature.Outputs[0];
        var outputs = network.Predict(row)[..output.Shape.Size];
        string[] names = labels is null ? [] : File.Exists(labels) ? File.ReadAllLines(labels)
            : throw new ImportException($"There is no file '{labels}'.");
        string Named(int unit) => unit < names.Length ? Printable.Line(names[unit]) : Place(unit, output.Shape);
        var best = Array.IndexOf(outputs, outputs.Max());
        var unit = target is null ? best : Unit(target, output.Shape, names);
        var asked = minus is null ? Target.Unit(unit) : Target.Difference(unit, Unit(minus, output.Shape, names));
        var name = minus is null ? Named(unit) : $"{Named(unit)} and not {Named(Unit(minus, output.Shape, names))}";
        var answer = outputs.Length == 1 ? $"The answer is {Value(outputs[0])}."
            : $"Of {outputs.Length} outputs {Named(best)} is the largest, {Value(outputs[best])}"
                + (unit == best ? "." : $"; {Named(unit)} is {Value(outputs[unit])}.");
        return new(ofOutput ? asked.OfOutput() : asked, outputs.Length == 1 ? "the answer" : name, answer, outputs);
    }

    private static string Value(float value) => value.ToString("g6", CultureInfo.InvariantCulture);

    private static string Place(int unit, Shape shape)
    {
        if (shape.Rank == 1)
            return $"unit {unit}";
        var places = new int[shape.Rank];
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
            (unit, places[axis]) = Math.DivRem(unit, shape[axis]);
        return $"unit {string.Join(",", places)}";
    }

    private static int Unit(string word, Shape shape, string[] names)
    {
        var named = Array.IndexOf(names, word);
        if (named >= 0 && named < shape.Size)
            return named;
        var parts = word.Split(',', StringSplitOptions.TrimEntries);
        var places = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out places[i]))
                throw Unknown();
        }
        if (places.Length == 1 && places[0] < shape.Size)
            return places[0];
        if (places.Length != shape.Rank || places.Where((place, axis) => place >= shape[axis]).Any())
            throw Unknown();
        return places.Select((place, axis) => (place, axis)).Aggregate(0, (unit, next) => unit * shape[next.axis] + next.place);

        ImportException Unknown() => new($"The output is {shape}: it has no unit {Printable.Line(word)}.");
    }
}
