using Whence;
using Whence.Evaluate;

namespace Language;

/// <summary>The tables, as Markdown.</summary>
internal static class Tables
{
    public static void Sections(IReadOnlyList<Explained> all)
    {
        Console.WriteLine("| section [next word] | p(next) | p at zeros | settled at | IG total | gradient x input total | Rescale total | "
            + "Rescale's relative gap |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var one in all)
            Console.WriteLine($"| {Escaped(one.Section.ToString())} | {one.Probability:f4} | {one.AtZero:f4} | {one.SettledAt:f2} | "
                + $"{Total(one.IntegratedGradients):f4} | {Total(one.GradientTimesInput):f4} | {Total(one.Rescale):f4} | "
                + $"{one.Rescale.RelativeGap:0.0e+0} |");
        Console.WriteLine();
        Console.WriteLine($"p - p at zeros is explained by IG within 5 % in {all.Count(one => Off(one, one.IntegratedGradients) <= 0.05)} "
            + $"of {all.Count} sections, by gradient x input in {all.Count(one => Off(one, one.GradientTimesInput) <= 0.05)}, whose total "
            + $"has the other sign in {all.Count(one => Total(one.GradientTimesInput) * (one.Probability - one.AtZero) < 0)}.");
        Console.WriteLine($"p at zeros is under 0.02 in {all.Count(one => one.AtZero < 0.02)} sections; settled at, median: "
            + $"{BoxStatistics.Of([.. all.Select(one => one.SettledAt)]).Median:f2}.");
        Console.WriteLine("The word with the largest |score| is the same by IG and by gradient x input in "
            + $"{all.Count(one => Top(one, 0) == Top(one, 1))}, by IG and by Rescale in {all.Count(one => Top(one, 0) == Top(one, 2))}.");
        Console.WriteLine($"Rank correlation of the ten scores with IG's, mean: gradient x input {Agreement(all, 1):f2}, Rescale "
            + $"{Agreement(all, 2):f2}.");
        Console.WriteLine();
    }

    public static void Words(Explained one)
    {
        Console.WriteLine($"p({Escaped(one.Section.Next)}) = {one.Probability:f4}, at zeros {one.AtZero:f4}");
        Console.WriteLine();
        Console.WriteLine($"| method | {string.Join(" | ", one.Section.Words.Select(Escaped))} | total |");
        Console.WriteLine($"| --- | {string.Concat(Enumerable.Repeat("---: | ", Section.Length + 1)).TrimEnd()}");
        foreach (var (name, words, why) in one.Methods)
            Console.WriteLine($"| {name} | {string.Join(" | ", words.Select(score => $"{score:f4}"))} | {Total(why):f4} |");
        Console.WriteLine();
    }

    private static double Total(Attribution why)
    {
        var sum = 0.0;
        foreach (var score in why.Scores)
            sum += score;
        return sum;
    }

    private static double Off(Explained one, Attribution why) => Math.Abs(Total(why) / (one.Probability - one.AtZero) - 1);

    private static int Top(Explained one, int method)
    {
        var sizes = Array.ConvertAll(one.Methods[method].Words, Math.Abs);
        return Array.IndexOf(sizes, sizes.Max());
    }

    private static double Agreement(IReadOnlyList<Explained> all, int method) =>
        all.Average(one => Spearman(one.Methods[0].Words, one.Methods[method].Words));

    // No two of ten scores are equal.
    private static double Spearman(float[] a, float[] b)
    {
        var sum = a.Select((_, i) => (double)(a.Count(other => other < a[i]) - b.Count(other => other < b[i]))).Sum(apart => apart * apart);
        return 1 - 6 * sum / (a.Length * (a.Length * (double)a.Length - 1));
    }

    private static string Escaped(string word) => word.Replace("<", "\\<", StringComparison.Ordinal);
}
