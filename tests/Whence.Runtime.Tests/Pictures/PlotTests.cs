using System.Globalization;
using System.Xml.Linq;
using Whence.Evaluate;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class PlotTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Kinds => [.. Drawings.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_drawing_is_well_formed_and_stands_alone(string kind)
    {
        var root = XDocument.Parse(Drawings.All[kind].ToSvg()).Root!;
        Assert.Equal(svg + "svg", root.Name);
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "script" or "image" or "use" or "a" or "style");
        Assert.All(root.DescendantsAndSelf().Attributes(),
            attribute => Assert.DoesNotContain("NaN", attribute.Value, StringComparison.Ordinal));
        // Other titles are hints of a part of it.
        Assert.All(root.DescendantsAndSelf(svg + "svg").Elements(svg + "title"),
            title => Assert.Contains("<&", title.Value, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Everything_lies_on_the_sheet(string kind)
    {
        var root = XDocument.Parse(Drawings.All[kind].ToSvg()).Root!;
        foreach (var sheet in root.DescendantsAndSelf(svg + "svg"))
        {
            foreach (var element in sheet.Elements())
            {
                Assert.All(Places(element, "x", "x1", "x2", "cx"), x => Assert.InRange(x, 0, Place(sheet, "width")));
                Assert.All(Places(element, "y", "y1", "y2", "cy"), y => Assert.InRange(y, 0, Place(sheet, "height")));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Another_culture_draws_the_same(string kind)
    {
        var expected = Drawings.All[kind].ToSvg();
        var before = CultureInfo.CurrentCulture;
        // A culture made by hand: the tests run without the system's cultures.
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        other.NumberFormat.NegativeSign = "neg";
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, Drawings.All[kind].ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_line_goes_through_its_points()
    {
        var plot = new LinePlot { X = new Axis("alpha"), Lines = [new PlotLine("one", [0, 0.5, 1], [10, 30, 20])] };

        var points = XDocument.Parse(plot.ToSvg()).Descendants(svg + "polyline").Single().Attribute("points")!.Value.Split(' ')
            .Select(point => point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToArray();

        Assert.Equal(3, points.Length);
        Assert.Equal((points[0][0] + points[2][0]) / 2, points[1][0], 0.02);
        Assert.Equal((points[0][1] + points[1][1]) / 2, points[2][1], 0.02);
        Assert.True(points[1][1] < points[0][1], "upwards is up");
    }

    [Fact]
    public void Ticks_are_round_and_hold_the_data()
    {
        var scale = new Axis().Over([-3.2, 17_000], 0, 400, 80, "x");
        Assert.Equal([-5000, 0, 5000, 10_000, 15_000, 20_000], scale.Ticks());
        Assert.Equal(["\u22125000", "0", "5000"], scale.Ticks().Take(3).Select(scale.Label));
        Assert.Equal(0, scale[-5000]);
        Assert.Equal(400, scale[20_000]);
        Assert.Equal(["0.00", "0.05", "0.10"], new Axis().Over([0.001, 0.09], 0, 100, 50, "x").Ticks()
            .Select(tick => tick == 0 ? "0.00" : new Scale(0, 0.1, 0, 100, 0.05).Label(tick)));
        Assert.Equal([1, 2, 5, 10, 10, 0.02], new[] { 0.7, 1.5, 2.1, 5.1, 10, 0.011 }.Select(Scale.Round));
    }

    [Fact]
    public void Data_that_are_all_one_number_get_an_axis_around_it()
    {
        foreach (var value in new[] { 0, -7, 1e-300, 1e300 })
        {
            var scale = new Axis().Over([value, value], 0, 100, 20, "x");
            Assert.True(scale.Minimum < scale.Maximum && scale.Holds(value));
            Assert.InRange(scale.Ticks().Count(), 1, 20);
        }
    }

    [Fact]
    public void Box_lines_stand_at_the_quartiles()
    {
        var statistics = BoxStatistics.Of([0, 10, 20, 30, 40, 1000]);
        var plot = new BoxPlot { X = new Axis { Minimum = 0, Maximum = 1000 }, Boxes = [new PlotBox("one", statistics)] };

        var root = XDocument.Parse(plot.ToSvg()).Root!;

        // The box lies over the whisker: 12.5 to 37.5, and 1000 is a dot at the right end.
        var box = root.Elements(svg + "rect").Last();
        var frame = root.Elements(svg + "line").Where(line => line.Attribute("stroke")!.Value == "#888888").Last();
        var (left, right) = (Place(frame, "x1"), Place(frame, "x2"));
        Assert.Equal(left + 0.0125 * (right - left), Place(box, "x"), 0.02);
        Assert.Equal(0.025 * (right - left), Place(box, "width"), 0.02);
        Assert.Equal(right, Place(root.Element(svg + "circle")!, "cx"), 0.02);
    }

    [Fact]
    public void A_bars_length_is_its_value()
    {
        var plot = new BarChart { Rows = ["a", "b", "c"], Series = [new BarSeries("", [1, -2, 0])] };
        var bars = XDocument.Parse(plot.ToSvg()).Root!.Elements(svg + "rect").Skip(1).ToList();
        Assert.Equal(3, bars.Count);
        Assert.Equal(2 * Place(bars[0], "width"), Place(bars[1], "width"), 0.02);
        Assert.Equal(Place(bars[0], "x"), Place(bars[1], "x") + Place(bars[1], "width"), 0.02);
        Assert.Equal(0, Place(bars[2], "width"));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Refused("\"one\" has 2 x and 1 y", new LinePlot { Lines = [new PlotLine("one", [1, 2], [1])] });
        Refused("value 1 of \"one\" is NaN", new LinePlot { Lines = [new PlotLine("one", [1, double.NaN], [1, 2])] });
        Refused("\"one\" has 2 x and 1 y", new ScatterPlot { Groups = [new PointGroup("one", [1, 2], [1])] });
        Refused("2 rows, but \"s\" has 1 values", new BarChart { Rows = ["a", "b"], Series = [new BarSeries("s", [1])] });
        Refused("\"s\" has 1 intervals",
            new BarChart { Rows = ["a", "b"], Series = [new BarSeries("s", [1, 2]) { Intervals = [(0, 1)] }] });
        Refused("from 2 to 1", new LinePlot { X = new Axis("x") { Minimum = 2, Maximum = 1 }, Lines = [new PlotLine("one", [1], [1])] });
        Refused("no room", new LinePlot { Width = 100, Lines = [new PlotLine("a name that is far too long", [1], [1])] });
        Refused("at least one drawing", new Panels { Drawings = [] });

        static void Refused(string words, Drawing drawing) =>
            Assert.Contains(words, Assert.Throws<ArgumentException>(drawing.ToSvg).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_at_all_is_still_a_frame()
    {
        Assert.Contains("</svg>", new LinePlot { Lines = [] }.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("</svg>", new ScatterPlot { Groups = [] }.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("</svg>", new BarChart { Rows = [], Series = [] }.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("</svg>", new BoxPlot { Boxes = [] }.ToSvg(), StringComparison.Ordinal);
    }

    private static IEnumerable<double> Places(XElement element, params string[] names) =>
        names.Where(name => element.Attribute(name) is not null).Select(name => Place(element, name));

    private static double Place(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
