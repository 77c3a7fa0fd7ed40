using System.Globalization;
using Whence.Evaluate;

namespace Whence.Pictures;

/// <summary>A stretch of a <see cref="SequenceLogo"/> that is marked, such as a motif that was found there.</summary>
/// <param name="Start">Its first position.</param>
/// <param name="End">The position after its last.</param>
/// <param name="Label">Written above it; may be empty.</param>
public sealed record LogoMark(int Start, int End, string Label = "");

/// <summary>
/// A sequence whose letters are as high as their scores: upwards where positive, downwards and upside down where negative. Where a position
/// has scores of several letters they are stacked, the strongest farthest from the axis.
/// </summary>
public sealed record SequenceLogo : Drawing
{
    private const double Margin = 14;

    // Drawn in a square of side 1 by hand, so that a logo needs no font. Every part runs anticlockwise: where two overlap they stay filled.
    private static readonly Dictionary<char, (string Path, Colour Colour)> letters = new()
    {
        ['A'] = ("M.38 0L0 1H.2L.28 .76H.72L.8 1H1L.62 0ZM.5 .16L.665 .62H.335Z", new Colour(0, 158, 115)),
        ['C'] = (Bow + "Z", new Colour(0, 114, 178)),
        ['G'] = (Bow + "ZM.55 .5V.63H.96V.5ZM.79 .5V.95H.96V.5Z", new Colour(230, 159, 0)),
        ['T'] = ("M0 0V.15H.4V1H.6V.15H1V0Z", new Colour(213, 94, 0)),
        ['U'] = ("M0 0V.6A.5 .4 0 0 0 1 .6V0H.8V.6A.3 .26 0 0 1 .2 .6V0Z", new Colour(213, 94, 0)),
    };

    private const string Bow = "M.96 .3A.5 .5 0 1 0 .96 .7L.775 .63A.3 .36 0 1 1 .775 .37";

    /// <summary>The scores, [letters, positions], in the user's axis order: as a network on one-hot sequences has them.</summary>
    public required ReadOnlyMemory<float> Scores { get; init; }

    /// <summary>The letters of the rows of <see cref="Scores"/>; A, C, G, T and U can be drawn.</summary>
    public string Letters { get; init; } = "ACGT";

    /// <summary>The number of the first position on the axis.</summary>
    public int First { get; init; }

    /// <summary>How many pixels wide a letter is.</summary>
    public double LetterWidth { get; init; } = 12;

    /// <summary>Pixels of the part that the letters stand in.</summary>
    public double Height { get; init; } = 120;

    /// <summary>What is measured, written along the axis.</summary>
    public Axis Y { get; init; } = new();

    /// <summary>Stretches with a tinted ground.</summary>
    public IReadOnlyList<LogoMark> Marks { get; init; } = [];

    /// <summary>A logo of one letter a position, as high as the position's score.</summary>
    /// <param name="sequence">The letters, of A, C, G, T, and N where there is none to draw.</param>
    /// <param name="scores">One for each letter.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a letter is another.</exception>
    public static SequenceLogo Of(string sequence, ReadOnlySpan<float> scores)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        if (sequence.Length != scores.Length || sequence.Length == 0)
            throw new ArgumentException($"Each letter has one score, but sequence has {sequence.Length} letters and scores has "
                + $"{scores.Length} values.", nameof(scores));
        const string order = "ACGT";
        var each = new float[order.Length * sequence.Length];
        for (var position = 0; position < sequence.Length; position++)
        {
            var letter = order.IndexOf(char.ToUpperInvariant(sequence[position]), StringComparison.Ordinal);
            if (letter >= 0)
                each[letter * sequence.Length + position] = scores[position];
            else if (sequence[position] is not ('N' or 'n'))
                throw new ArgumentException($"A sequence has the letters A, C, G, T and N, but letter {position} is "
                    + $"'{sequence[position]}'.", nameof(sequence));
        }
        return new SequenceLogo { Scores = each };
    }

    /// <summary>The logo of many sequences: the mean scores of seqlets that were aligned.</summary>
    /// <param name="motif">What was found (<see cref="SeqletMotif.Find"/>).</param>
    public static SequenceLogo Of(SeqletMotif motif)
    {
        ArgumentNullException.ThrowIfNull(motif);
        return new SequenceLogo
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{motif.Seqlets.Count} seqlets of {motif.Sequences} sequences"),
            Scores = motif.Scores, LetterWidth = 20, Y = new("mean score"),
        };
    }

    internal override Canvas Draw()
    {
        var length = Length();
        var (top, left) = (Margin + (Title.Length > 0 ? 22 : 0) + (Marks.Any(mark => mark.Label.Length > 0) ? 16 : 0),
            Margin + (Y.Label.Length > 0 ? 20 : 0) + 44);
        var y = Tight(Sums(length)).Over([], top + Height, top, 40, nameof(Y));
        var canvas = new Canvas(left + length * LetterWidth + Margin, top + Height + 20 + Margin, Title);
        var frame = new Frame(canvas, new Scale(0, length, left, left + length * LetterWidth, 1), y, left, top, left + length * LetterWidth,
            top + Height);
        frame.DrawTitle(Title, canvas.Width);
        Draw(frame, Marks);
        foreach (var tick in y.Ticks())
        {
            canvas.Line(left, y[tick], frame.Right, y[tick], Ink.Grid);
            canvas.Text(left - 6, y[tick], y.Label(tick), "end", 11);
        }
        for (var position = 0; position < length; position++)
            Stack(frame, position, length);
        canvas.Line(left, y[0], frame.Right, y[0], Ink.Axis);
        canvas.Text(Margin + 4, top + Height / 2, Y.Label, "middle", upwards: true);
        foreach (var position in Positions(length))
            canvas.Text(frame.X[position + 0.5], frame.Bottom + 13, (First + position).ToString(CultureInfo.InvariantCulture), "middle",
                11);
        return canvas;
    }

    private int Length()
    {
        if (Letters.Length == 0 || Scores.Length == 0 || Scores.Length % Letters.Length != 0)
            throw new ArgumentException($"Scores hold one row for each of the letters \"{Letters}\", but have {Scores.Length} values.",
                nameof(Scores));
        if (!(LetterWidth > 0 && Height > 0))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A logo's LetterWidth and Height are over 0, but are {LetterWidth} and {Height}."),
                nameof(Height));
        foreach (var letter in Letters)
        {
            if (!letters.ContainsKey(letter))
                throw new ArgumentException($"The letters {string.Join(", ", letters.Keys)} can be drawn, but Letters has '{letter}'.",
                    nameof(Letters));
        }
        var length = Scores.Length / Letters.Length;
        Pictures.Scores.Check(Scores.Span, new Shape(Letters.Length, length), nameof(Scores));
        foreach (var mark in Marks)
        {
            if (mark.Start < 0 || mark.End <= mark.Start || mark.End > length)
                throw new ArgumentException($"A mark lies within the {length} positions, but one goes from {mark.Start} to {mark.End}.",
                    nameof(Marks));
        }
        return length;
    }

    /// <summary>How far every position's letters reach upwards and downwards.</summary>
    private List<double> Sums(int length)
    {
        var sums = new List<double> { 0 };
        for (var position = 0; position < length; position++)
        {
            var scores = Column(position, length);
            sums.Add(scores.Sum(letter => Math.Max(0, letter.Score)));
            sums.Add(scores.Sum(letter => Math.Min(0, letter.Score)));
        }
        return sums;
    }

    /// <summary>The axis without round ends: a logo is low enough as it is.</summary>
    private Axis Tight(List<double> sums)
    {
        var (least, most) = (Y.Minimum ?? sums.Min(), Y.Maximum ?? sums.Max());
        return least < most
            ? Y with { Minimum = least, Maximum = most }
            : Y with { Minimum = Math.Min(least, 0), Maximum = Math.Max(most, 1) };
    }

    private (char Letter, double Score)[] Column(int position, int length)
    {
        var column = new (char Letter, double Score)[Letters.Length];
        for (var row = 0; row < column.Length; row++)
            column[row] = (Letters[row], Scores.Span[row * length + position]);
        return column;
    }

    private void Stack(Frame frame, int position, int length)
    {
        var (up, down) = (0.0, 0.0);
        foreach (var (letter, score) in Column(position, length)
            .Where(letter => letter.Score != 0)
            .OrderBy(letter => Math.Abs(letter.Score)))
        {
            var from = score > 0 ? up : down;
            var (near, far) = (frame.Y[from], frame.Y[from + score]);
            (up, down) = score > 0 ? (up + score, down) : (up, down + score);
            // Less than a hundredth of a pixel cannot be seen.
            if (Math.Abs(far - near) >= 0.01)
                frame.Canvas.Shape(letters[letter].Path, frame.X[position] + 0.04 * LetterWidth, far, 0.92 * LetterWidth, near - far,
                    letters[letter].Colour.ToString());
        }
    }

    private static void Draw(Frame frame, IReadOnlyList<LogoMark> marks)
    {
        foreach (var mark in marks)
        {
            frame.Canvas.Rect(frame.X[mark.Start], frame.Top, frame.X[mark.End] - frame.X[mark.Start], frame.Bottom - frame.Top, "#fff3c4");
            frame.Canvas.Text((frame.X[mark.Start] + frame.X[mark.End]) / 2, frame.Top - 8, mark.Label, "middle", 11);
        }
    }

    /// <summary>The numbered positions: round ones, about sixty pixels apart.</summary>
    private IEnumerable<int> Positions(int length)
    {
        var step = (int)Math.Max(1, Scale.Round(60 / LetterWidth));
        var first = (step - First % step) % step;
        for (var position = first; position < length; position += step)
            yield return position;
    }
}
