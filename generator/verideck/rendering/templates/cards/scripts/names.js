// What no template can say: Anki's own text box is named by the question.
function names() {
  var box = document.getElementById("typeans");
  var heading = page.querySelector(".heading");
  if (!front || !box || !heading) return;
  heading.id = "verideck-heading";
  box.setAttribute("aria-labelledby", heading.id);
}
