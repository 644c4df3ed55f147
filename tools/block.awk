# block.awk: a page on stdout, with what a file holds between two markers of it.
#
#   awk -v name=NAME -v file=FILE -f block.awk PAGE
#
# The markers are the lines  <!-- NAME:begin -->  and  <!-- NAME:end -->. Exits 1 if they
# are not both there.
$0 == "<!-- " name ":end -->" { skip = 0; seen++ }
!skip { print }
$0 == "<!-- " name ":begin -->" {
    skip = 1; seen++
    while ((getline line < file) > 0) print line
}
END { exit seen != 2 }
